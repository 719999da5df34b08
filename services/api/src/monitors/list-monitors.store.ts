import { type MonitorListQuery, type MonitorSort, monitorCursors, type Page } from '@tocsin/http-api';
import { assertNever, type Instant } from '@tocsin/kernel';
import { type RawBuilder, sql } from 'kysely';
import { pageFrom } from '../changes/page.js';
import { containing } from '../changes/status-of.js';
import type { MonitorRow } from '../database.js';
import { unlessMissing } from '../reading/missing-view.js';
import { allOf, given } from '../reading/page.js';
import { statusNow } from '../reading/status-now.js';
import type { Database } from '../wiring.js';

interface Row extends MonitorRow {
  readonly lower_name: string;
  readonly rank: number;
  readonly checked_at: Instant;
}

interface Sorting {
  /** the id last, so that no two are equal */
  readonly keys: readonly RawBuilder<unknown>[];
  readonly cursorOf: (last: Row) => string;
  /** the same keys of the row a cursor stands for */
  readonly placeOf: (cursor: string) => readonly RawBuilder<unknown>[];
}

const NAME = sql`lower(t.name)`;
const ID = sql`t.id`;
const id = (value: string) => sql`${value}::uuid`;
const text = (value: string) => sql`${value}::text`;

/** The worst first; 0 of none. */
const RANKED = ['down', 'unknown', 'degraded', 'pending', 'up', 'maintenance', 'paused'];
const NEVER = sql`timestamptz 'epoch'`;

function sortingBy(sort: MonitorSort, rank: RawBuilder<unknown>, checkedAt: RawBuilder<unknown>): Sorting {
  const { createdAt, name, status, lastCheckAt } = monitorCursors;
  switch (sort) {
    // An id begins with the time it was made.
    case 'createdAt':
      return {
        keys: [ID],
        cursorOf: (last) => createdAt.encode([last.id]),
        placeOf: (cursor) => createdAt.decode(cursor).map(id),
      };
    case 'name':
      return {
        keys: [NAME, ID],
        cursorOf: (last) => name.encode([last.lower_name, last.id]),
        placeOf: (cursor) => {
          const [lower, last] = name.decode(cursor);
          return [text(lower), id(last)];
        },
      };
    case 'status':
      return {
        keys: [rank, NAME, ID],
        cursorOf: (last) => status.encode([last.rank, last.lower_name, last.id]),
        placeOf: (cursor) => {
          const [place, lower, last] = status.decode(cursor);
          return [sql`${place}::int`, text(lower), id(last)];
        },
      };
    case 'lastCheckAt':
      return {
        keys: [checkedAt, ID],
        cursorOf: (last) => lastCheckAt.encode([last.checked_at, last.id]),
        placeOf: (cursor) => {
          const [at, last] = lastCheckAt.decode(cursor);
          return [sql`${at}::timestamptz`, id(last)];
        },
      };
    default:
      return assertNever(sort);
  }
}

/** One page of monitors; all that is asked for is compared where the rows are, in one question. */
export async function listMonitors(
  db: Database,
  project: string,
  query: MonitorListQuery,
): Promise<Page<MonitorRow>> {
  return (
    (await unlessMissing(listAs(db, project, query, true), undefined)) ?? listAs(db, project, query, false)
  );
}

async function listAs(
  db: Database,
  project: string,
  query: MonitorListQuery,
  isThere: boolean,
): Promise<Page<MonitorRow>> {
  const { cursor, limit, type, status, enabled, tag, search, managedBy, sort, order } = query;
  const now = statusNow(isThere);
  const rank = sql`coalesce(array_position(${RANKED}::text[], ${now.status}), 0)`;
  const checkedAt = isThere ? sql`coalesce(seen.last_check_at, ${NEVER})` : NEVER;
  const { keys, cursorOf, placeOf } = sortingBy(sort, rank, checkedAt);
  const isAfter = sql.raw(order === 'asc' ? '>' : '<');
  const direction = sql.raw(order);
  const where = allOf(
    sql`t.project = ${project}`,
    given(cursor, (place) => sql`(${sql.join(keys)}) ${isAfter} (${sql.join(placeOf(place))})`),
    given(type, (types) => sql`t.type = any(${types}::text[])`),
    given(status, (statuses) => sql`${now.status} = any(${statuses}::text[])`),
    given(enabled, (one) => sql`t.enabled = ${one}`),
    given(tag, (tags) => sql`t.tags && ${tags}::text[]`),
    given(managedBy, (set) => sql`t.managed_by = ${set}`),
    given(search, (part) => {
      const pattern = containing(part);
      return sql`(t.name ilike ${pattern} or t.target ilike ${pattern})`;
    }),
  );
  const { rows } =
    await sql<Row>`select t.*, ${NAME} as lower_name, ${rank} as rank, ${checkedAt} as checked_at
    from config.monitors t ${now.join} where ${where}
    order by ${sql.join(keys.map((key) => sql`${key} ${direction}`))} limit ${limit + 1}`.execute(db);
  return pageFrom(rows, limit, cursorOf);
}
