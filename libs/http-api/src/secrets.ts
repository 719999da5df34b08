import type { JsonObject, JsonValue } from '@tocsin/kernel';

/** Stands where a secret is stored. Sent back unchanged it means: keep what you have. */
export const MASK = '********';

type SecretPaths = readonly (readonly string[])[];

/** The settings as they may be shown. */
export function maskSecrets(config: JsonObject, paths: SecretPaths): JsonObject {
  return paths.reduce((masked, path) => replaceAt(masked, path, () => MASK), config);
}

/**
 * Puts stored secrets back where a caller returned their mask, before the settings are parsed.
 * @param paths the secret paths of what is stored
 */
export function keepMasked(incoming: JsonObject, stored: JsonObject, paths: SecretPaths): JsonObject {
  return paths.reduce(
    (kept, path) =>
      replaceAt(kept, path, (value) => (value === MASK ? (valueAt(stored, path) ?? value) : value)),
    incoming,
  );
}

function replaceAt(
  object: JsonObject,
  [key, ...rest]: readonly string[],
  replace: (value: JsonValue) => JsonValue,
): JsonObject {
  if (key === undefined || !Object.hasOwn(object, key)) return object;
  const value = object[key] as JsonValue;
  if (rest.length === 0) return { ...object, [key]: replace(value) };
  return isObject(value) ? { ...object, [key]: replaceAt(value, rest, replace) } : object;
}

function valueAt(object: JsonObject, [key, ...rest]: readonly string[]): JsonValue | undefined {
  const value = key !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
  if (rest.length === 0) return value;
  return isObject(value) ? valueAt(value, rest) : undefined;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
