import { BASE } from './endpoint.js';

export type QueryValues = Readonly<Record<string, unknown>>;

/** The address of a route with its parameters in place; what is undefined or empty stays out of the query. */
export function addressOf(
  path: string,
  params: Readonly<Record<string, string>> = {},
  query: QueryValues = {},
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().flatMap((one): [string, string][] => {
      const text = textOf(one);
      return text === '' ? [] : [[name, text]];
    }),
  );
  const search = new URLSearchParams(pairs).toString();
  return `${BASE}${filled}${search === '' ? '' : `?${search}`}`;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
