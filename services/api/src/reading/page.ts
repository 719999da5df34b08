import type { Page } from '@tocsin/http-api';
import { type RawBuilder, sql } from 'kysely';
import { pageFrom } from '../changes/page.js';

/** A page of rows of which one more than it holds was asked for, shown as items. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  cursorOf: (last: Row) => string,
): Page<Item> {
  const { items, nextCursor } = pageFrom(rows, limit, cursorOf);
  return { items: items.map(itemOf), nextCursor };
}

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
