import type { JsonObject, JsonValue } from '@tocsin/kernel';
import type { z } from 'zod';

/** The settings of one monitor or provider kind, and which of them are secret. */
export interface ConfigSchema<Config> {
  readonly schema: z.ZodType<Config>;
  /** paths into the parsed settings whose values never enter an event, a log or a response */
  secretPaths(config: Config): readonly (readonly string[])[];
}

/** Takes the secret values out: what is left may be published, the rest is encrypted. */
export function splitSecrets(
  config: JsonObject,
  paths: readonly (readonly string[])[],
): { readonly open: JsonObject; readonly secret: JsonObject } {
  const open = structuredCloneJson(config);
  const secret: JsonObject = {};
  for (const path of paths) {
    const value = take(open, path);
    if (value !== undefined) put(secret, path, value);
  }
  return { open, secret };
}

/** The reverse of `splitSecrets`. */
export function joinSecrets(open: JsonObject, secret: JsonObject): JsonObject {
  const joined = structuredCloneJson(open);
  for (const [key, value] of Object.entries(secret)) {
    const there = joined[key];
    joined[key] = isObject(value) && isObject(there) ? joinSecrets(there, value) : value;
  }
  return joined;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const structuredCloneJson = (value: JsonObject): JsonObject =>
  JSON.parse(JSON.stringify(value)) as JsonObject;

function take(from: JsonObject, [key, ...rest]: readonly string[]): JsonValue | undefined {
  if (key === undefined || !Object.hasOwn(from, key)) return undefined;
  const value = from[key];
  if (rest.length > 0) return isObject(value) ? take(value, rest) : undefined;
  delete from[key];
  return value;
}

function put(into: JsonObject, [key, ...rest]: readonly string[], value: JsonValue): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const there = into[key];
  const next: JsonObject = isObject(there) ? there : {};
  into[key] = next;
  put(next, rest, value);
}
