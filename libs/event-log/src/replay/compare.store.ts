import { type Kysely, sql, type Transaction } from 'kysely';
import type { ReplayTable } from './replayable.js';

type Row = Readonly<Record<string, unknown>>;

/** One row that is not the same on both sides. */
export interface Difference {
  readonly key: Row;
  /** as seen from the first side: `added` is only in the second */
  readonly kind: 'added' | 'removed' | 'changed';
  /** of a changed row: the columns that differ, with what each side says */
  readonly columns?: Readonly<Record<string, readonly [unknown, unknown]>>;
}

export interface TableComparison {
  readonly table: string;
  readonly rows: readonly [number, number];
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** the first ones */
  readonly differences: readonly Difference[];
  /** false where the log no longer holds enough for a difference to mean anything */
  readonly isDecisive: boolean;
}

export interface Side {
  /** in a transaction that sees what is to be compared */
  readonly tx: Transaction<unknown>;
  readonly schema: string;
}

export interface CompareOptions {
  /** of the rows `t`: SQL */
  readonly where: string;
  readonly isDecisive: boolean;
  /** differences that are told in full */
  readonly most: number;
}

/** Rows fetched at once from each side. */
const FETCH = 5_000;

interface Digest {
  readonly key: string;
  readonly digest: string;
}

/**
 * Both sides in the order of their keys, side by side. What travels is the key and the SHA-256 of each row; of rows that
 * differ, all of it.
 */
export async function compareTable(
  [one, other]: readonly [Side, Side],
  table: ReplayTable,
  { where, isDecisive, most }: CompareOptions,
): Promise<TableComparison> {
  const columns = await columnsOf(one.tx, one.schema, table);
  const [left, right] = [openCursor(one, table, columns, where), openCursor(other, table, columns, where)];
  const count = { added: 0, removed: 0, changed: 0 };
  const rows: [number, number] = [0, 0];
  const found: { key: string; kind: Difference['kind'] }[] = [];
  const note = (kind: Difference['kind'], key: string) => {
    count[kind] += 1;
    if (found.length < most) found.push({ key, kind });
  };
  let [a, b] = [await left.next(), await right.next()];
  while (a !== undefined || b !== undefined) {
    const order = a === undefined ? 1 : b === undefined ? -1 : inBytes(a.key, b.key);
    if (order < 0) note('removed', a?.key ?? '');
    else if (order > 0) note('added', b?.key ?? '');
    else if (a?.digest !== b?.digest) note('changed', a?.key ?? '');
    if (order <= 0) {
      rows[0] += 1;
      a = left.ready() ?? (await left.next());
    }
    if (order >= 0) {
      rows[1] += 1;
      b = right.ready() ?? (await right.next());
    }
  }
  await left.close();
  await right.close();
  const differences: Difference[] = [];
  for (const { key, kind } of found) differences.push(await tell([one, other], table, columns, key, kind));
  return { table: table.name, rows, ...count, differences, isDecisive };
}

/** As `collate "C"` does. */
const inBytes = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

async function columnsOf(
  db: Kysely<unknown>,
  schema: string,
  { name, ignored = [] }: ReplayTable,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = (select c.oid from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname = ${schema} and c.relname = ${name}) and attnum > 0 and not attisdropped
    order by attname`.execute(db);
  return rows.map((row) => row.name).filter((column) => !ignored.includes(column));
}

const columnList = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(`t.${column}`)));

/** Unit separators: no key has one, and they sort before everything else. */
const keyText = ({ key }: ReplayTable) =>
  sql`concat_ws(chr(31), ${sql.join(key.map((column) => sql`${sql.ref(`t.${column}`)}::text`))}) collate "C"`;

let cursors = 0;

function openCursor({ tx, schema }: Side, table: ReplayTable, columns: readonly string[], where: string) {
  cursors += 1;
  const name = sql.id(`compared_${cursors}`);
  let buffer: Digest[] = [];
  let place = 0;
  let isOpen = false;
  let isOver = false;
  return {
    /** the next of those that are here already */
    ready: (): Digest | undefined => buffer[place++],
    async next(): Promise<Digest | undefined> {
      if (!isOpen) {
        await sql`set local cursor_tuple_fraction = 1`.execute(tx);
        await sql`declare ${name} no scroll cursor for
          select ${keyText(table)} as key,
            encode(sha256(convert_to(row(${columnList(columns)})::text, 'UTF8')), 'hex') as digest
          from ${sql.id(schema, table.name)} as t where ${sql.raw(where)} order by 1`.execute(tx);
        isOpen = true;
      }
      if (isOver) return undefined;
      const { rows } = await sql<Digest>`fetch ${sql.lit(FETCH)} from ${name}`.execute(tx);
      isOver = rows.length < FETCH;
      buffer = rows;
      place = 1;
      return buffer[0];
    },
    close: async () => {
      if (isOpen) await sql`close ${name}`.execute(tx);
    },
  };
}

async function tell(
  [one, other]: readonly [Side, Side],
  table: ReplayTable,
  columns: readonly string[],
  key: string,
  kind: Difference['kind'],
): Promise<Difference> {
  const read = async ({ tx, schema }: Side): Promise<Row> => {
    const { rows } = await sql<{ row: Row }>`
      select to_jsonb(t) as row from ${sql.id(schema, table.name)} as t where ${keyText(table)} = ${key}
      limit 1`.execute(tx);
    return rows[0]?.row ?? {};
  };
  const [a, b] = [kind === 'added' ? {} : await read(one), kind === 'removed' ? {} : await read(other)];
  const named = kind === 'added' ? b : a;
  const keyOf = Object.fromEntries(table.key.map((column) => [column, named[column]]));
  if (kind !== 'changed') return { key: keyOf, kind };
  const differing = columns.filter((column) => JSON.stringify(a[column]) !== JSON.stringify(b[column]));
  return {
    key: keyOf,
    kind,
    columns: Object.fromEntries(differing.map((column) => [column, [a[column], b[column]] as const])),
  };
}
