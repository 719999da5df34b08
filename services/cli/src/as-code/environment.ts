import type { JsonObject, JsonValue } from '@tocsin/kernel';

export type Path = readonly (string | number)[];
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text that is not, or not only, what the file says. */
export interface FromEnvironment {
  readonly path: Path;
  readonly variables: readonly string[];
}

export interface PlacedProblem {
  readonly path: Path;
  readonly message: string;
}

export interface Expanded {
  readonly value: JsonValue;
  readonly from: readonly FromEnvironment[];
  /** what the environment gave: none of it is ever shown */
  readonly values: readonly string[];
  readonly problems: readonly PlacedProblem[];
}

/** `$$`, or `${` with what follows up to its end. */
const PLACE = /\$\$|\$\{([^}]*)(\}?)/g;
const WRONG = `has a \${ that is not like \${NAME} or \${NAME:-otherwise}; a dollar of its own is $$`;
const ASKED = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** Puts the environment in place of `${NAME}` and `${NAME:-otherwise}` in texts, not in keys; `$$` is a dollar. */
export function expand(whole: JsonValue, env: Environment): Expanded {
  const from: FromEnvironment[] = [];
  const values = new Set<string>();
  const problems: PlacedProblem[] = [];

  function text(given: string, path: Path): string {
    const variables: string[] = [];
    const expanded = given.replaceAll(PLACE, (all: string, inside?: string, end?: string) => {
      if (all === '$$') return '$';
      const [, name, otherwise] = ASKED.exec(inside ?? '') ?? [];
      if (name === undefined || end === '') {
        problems.push({ path, message: WRONG });
        return all;
      }
      const found = env[name] ?? '';
      if (found === '') {
        if (otherwise === undefined)
          problems.push({ path, message: `${name} is not set in the environment, or empty` });
        return otherwise ?? all;
      }
      variables.push(name);
      values.add(found);
      return found;
    });
    if (variables.length > 0) from.push({ path, variables });
    return expanded;
  }

  function walk(value: JsonValue, path: Path): JsonValue {
    if (typeof value === 'string') return isScript(path) ? value : text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]),
    ) satisfies JsonObject;
  }

  return { value: walk(whole, []), from, values: [...values], problems };
}

/** A program has its own `${…}`: what it needs of the outside are variables. */
const isScript = ([list, , part, name]: Path): boolean =>
  list === 'tests' && part === 'definition' && name === 'script';

/** Text that `expand` gives back as it is. */
export const escaped = (text: string): string =>
  text.replaceAll(/\$+\{?/g, (dollars) => {
    const count = dollars.replace('{', '').length;
    return dollars.endsWith('{') ? `${'$'.repeat(count * 2)}{` : '$'.repeat(count * 2 - 1);
  });

/** For what others say of our values, in errors. */
export function hide(text: string, values: readonly string[]): string {
  const longestFirst = values.filter(({ length }) => length > 3).toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((shown, value) => shown.replaceAll(value, '(secret)'), text);
}
