import type { Page } from '@tocsin/http-api';
import { type RawBuilder, sql } from 'kysely';

/** A page of rows that were asked for with one more than it holds: that one says whether there is a next page. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  cursorOf: (last: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(itemOf), nextCursor: more ? cursorOf(last) : null };
}

export const EMPTY_PAGE: Page<never> = { items: [], nextCursor: null };

/** `where` of a list: what was not asked for is not compared, so that each question finds its index. */
export const allOf = (...conditions: readonly (RawBuilder<unknown> | undefined)[]): RawBuilder<unknown> =>
  sql.join(
    conditions.filter((condition) => condition !== undefined),
    sql` and `,
  );

export const given = <T>(
  value: T | undefined,
  condition: (value: T) => RawBuilder<unknown>,
): RawBuilder<unknown> | undefined => (value === undefined ? undefined : condition(value));
