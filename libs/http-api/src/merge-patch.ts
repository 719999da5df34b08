import type { JsonObject, JsonValue } from '@tocsin/kernel';

/** RFC 7396: named fields replace, objects merge, null removes. What comes out is parsed as a whole afterwards. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const there = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isObject(value)) merged.set(key, mergePatch(isObject(there) ? there : {}, value));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
