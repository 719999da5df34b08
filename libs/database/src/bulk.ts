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
  const arrays = names.map((name) => {
    const type = columns[name];
    const values = rows.map((row) => {
      const value: unknown = row[name];
      if (value === undefined || value === null) return null;
      return type === 'jsonb' ? JSON.stringify(value) : value;
    });
    return sql`${values}::${sql.raw(type)}[]`;
  });
  return sql`unnest(${sql.join(arrays)}) as ${sql.id(alias)}(${sql.join(names.map((name) => sql.id(name)))})`;
}
