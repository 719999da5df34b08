/** Where something is in the file of the other tool. */
export type SourcePath = readonly (string | number)[];

/** As people write it: `monitorList[2].headers["X-A.b"]`. */
export const pathText = (path: SourcePath): string =>
  path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[\w-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');

export function valueAt(value: unknown, path: SourcePath): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** Everything that has no parts: values, and lists and objects with nothing in them. */
export function* leavesOf(value: unknown, path: SourcePath = []): Generator<SourcePath> {
  const parts = typeof value === 'object' && value !== null ? partsOf(value) : [];
  if (parts.length === 0) yield path;
  for (const [key, part] of parts) yield* leavesOf(part, [...path, key]);
}

const partsOf = (value: object): [string | number, unknown][] =>
  Array.isArray(value) ? value.map((item, index) => [index, item]) : Object.entries(value);
