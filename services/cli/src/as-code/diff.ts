import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '@tocsin/kernel';
import type { FromEnvironment, Path } from './environment.js';
import { isObject } from './json.js';

/** What changes at one place. Of what came from the environment neither side is told. */
export type FieldChange =
  | { readonly path: Path; readonly before?: JsonValue; readonly after?: JsonValue }
  | { readonly path: Path; readonly from: readonly string[] };

/** The places in which two things differ, as deep down as they can be told apart. */
export function differences(
  before: JsonObject,
  after: JsonObject,
  fromEnvironment: readonly FromEnvironment[] = [],
): FieldChange[] {
  const changes: { path: Path; before?: JsonValue; after?: JsonValue }[] = [];
  compare(before, after, []);
  return changes.map((change) => {
    const from = variablesAt(change.path, fromEnvironment);
    return from.length === 0 ? change : { path: change.path, from };
  });

  function compare(one: JsonValue | undefined, other: JsonValue | undefined, path: Path): void {
    if (isDeepStrictEqual(one, other)) return;
    const keys = keysOf(one, other);
    if (keys === undefined) {
      changes.push({
        path,
        ...(one === undefined ? {} : { before: one }),
        ...(other === undefined ? {} : { after: other }),
      });
      return;
    }
    for (const key of keys) compare(at(one, key), at(other, key), [...path, key]);
  }
}

/** The variables that had a part in what is at this path, in it or around it. */
const variablesAt = (path: Path, fromEnvironment: readonly FromEnvironment[]): string[] => [
  ...new Set(
    fromEnvironment
      .filter((one) => one.path.every((part, index) => index >= path.length || path[index] === part))
      .flatMap(({ variables }) => variables),
  ),
];

/** Of two objects, or two lists of objects; undefined for what is compared as one. */
function keysOf(one: JsonValue | undefined, other: JsonValue | undefined): (string | number)[] | undefined {
  if (Array.isArray(one) && Array.isArray(other)) {
    if (![...one, ...other].every(isObject)) return undefined;
    return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index);
  }
  if (!isObject(one) || !isObject(other)) return undefined;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

const at = (value: JsonValue | undefined, key: string | number): JsonValue | undefined => {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};
