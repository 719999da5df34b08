/** Where two plain values are not the same. */
export interface FieldDifference {
  /** as in `evidence.0.slot`; empty for the whole */
  readonly field: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** The first place at which two JSON values differ; what is undefined is not there. */
export function firstDifference(expected: unknown, found: unknown, field = ''): FieldDifference | undefined {
  if (expected === found) return undefined;
  if (typeof expected === 'string' && typeof found === 'string' && storable(expected) === storable(found))
    return undefined;
  if (!isObject(expected) || !isObject(found) || Array.isArray(expected) !== Array.isArray(found))
    return { field, expected, found };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const different = firstDifference(expected[key], found[key], field === '' ? key : `${field}.${key}`);
    if (different !== undefined) return different;
  }
  return undefined;
}

/** A state that came back from the database has lost what `jsonb` does not take, and so has what was decided on it. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
