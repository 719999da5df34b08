import { type RawBuilder, sql } from 'kysely';

/** Postgres types a bulk column may have. */
export type BulkType = 'uuid' | 'text' | 'int4' | 'int8' | 'float8' | 'bool' | 'timestamptz' | 'jsonb';

/**
 * `unnest($1::uuid[], $2::text[] …) as alias(a, b …)`: one statement for any number of rows, with one parameter per
 * column, so that a batch costs the server one plan. Objects in a `jsonb` column are written as JSON text.
 * @param columns column name to Postgres type, in the order of the alias
 */
export function unnest<Row extends object>(
  alias: string,
  columns: { readonly [K in keyof Row & string]: BulkType },
  rows: readonly Row[],
): RawBuilder<unknown> {
  const names = Object.keys(columns) as (keyof Row & string)[];
  const arrays = names.map(
    (name) => sql`${arrayLiteral(columns[name], name, rows)}::${sql.raw(columns[name])}[]`,
  );
  return sql`unnest(${sql.join(arrays)}) as ${sql.id(alias)}(${sql.join(names.map((name) => sql.id(name)))})`;
}

/** Types whose values never hold what an array literal would have to escape. */
const PLAIN: ReadonlySet<BulkType> = new Set(['uuid', 'int4', 'int8', 'float8', 'bool', 'timestamptz']);

/** The text form of a Postgres array. The driver makes the same, at several times the cost for each element. */
function arrayLiteral<Row extends object>(
  type: BulkType,
  name: keyof Row & string,
  rows: readonly Row[],
): string {
  const isPlain = PLAIN.has(type);
  let literal = '{';
  for (let index = 0; index < rows.length; index += 1) {
    if (index > 0) literal += ',';
    const value: unknown = rows[index]?.[name];
    if (value === undefined || value === null) literal += 'NULL';
    else if (isPlain) literal += plain(value as string | number | boolean);
    else literal += quoted(type !== 'jsonb' && typeof value === 'string' ? value : JSON.stringify(value));
  }
  return `${literal}}`;
}

const SPECIAL = /[\\"]/;

const quoted = (text: string): string =>
  `"${SPECIAL.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : text}"`;

/** Quoted where an element could end early or mean NULL: only a caller's mistake has such a value, and Postgres says so. */
function plain(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w:.+-]+$/.test(text) && text.toLowerCase() !== 'null' ? text : quoted(text);
}
