import type { JsonValue } from '@tocsin/kernel';

export interface Difference {
  /** `alertConfig.failureThreshold`; empty for the whole */
  readonly path: string;
  /** undefined: it was not there */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

type Maybe = JsonValue | undefined;

/** What is not the same in two documents, by place; what one has as a whole and the other not at all is one difference. */
export function differences(before: Maybe, after: Maybe, path = ''): readonly Difference[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (isListOfObjects(before) && isListOfObjects(after) && before.length === after.length)
    return before.flatMap((item, index) => differences(item, after[index], `${path}[${index}]`));
  return isSame(before, after) ? [] : [{ path, before, after }];
}

const isObject = (value: Maybe): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfObjects = (value: Maybe): value is JsonValue[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item));

function isSame(one: Maybe, other: Maybe): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  if (isObject(one) && isObject(other)) return differences(one, other).length === 0;
  return one === other;
}

/** A value as a person reads it: text as it is, the rest as JSON. */
export const valueText = (value: JsonValue): string =>
  typeof value === 'string' ? value : JSON.stringify(value, null, typeof value === 'object' ? 2 : undefined);
