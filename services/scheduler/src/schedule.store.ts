import { unnest } from '@tocsin/database';
import type { Instant, Shard } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import { keepHeard } from './heard.store.js';
import type { MonitorSchedule } from './schedule.js';

/** What a clock hears of when a fold has changed schedules. */
export const CHANGED_CHANNEL = 'tocsin_scheduler_changed';

type Db = Kysely<unknown>;

interface Row {
  readonly monitor_id: string;
  readonly shard: Shard;
  readonly project: string;
  readonly kind: string;
  readonly name: string;
  readonly target: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secret_version: number | null;
  readonly locations: readonly string[];
  readonly interval_seconds: number;
  readonly enabled: boolean;
  readonly enabled_at: Instant;
  readonly deleted: boolean;
  readonly revision: number;
  readonly grace_seconds: number | null;
  readonly last_received_at: Instant | null;
  readonly deadline_at: Instant | null;
}

/** A schedule with what the clock has done about it. */
export interface StoredSchedule {
  readonly schedule: MonitorSchedule;
  /** slot of the last first check that was published */
  readonly firstDoneAt: Instant | undefined;
}

const COLUMNS = {
  monitor_id: 'uuid',
  shard: 'text',
  project: 'text',
  kind: 'text',
  name: 'text',
  target: 'text',
  config: 'jsonb',
  secret_version: 'int4',
  locations: 'jsonb',
  interval_seconds: 'int4',
  enabled: 'bool',
  enabled_at: 'timestamptz',
  deleted: 'bool',
  revision: 'int4',
  grace_seconds: 'int4',
  last_received_at: 'timestamptz',
  deadline_at: 'timestamptz',
} as const;

const names = Object.keys(COLUMNS);
const columns = sql.join(names.map((name) => sql.ref(`s.${name}`)));
const targets = sql.join(names.map((name) => sql.id(name)));
const assignments = sql.join(names.slice(1).map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`));

const toRow = (schedule: MonitorSchedule): Row => ({
  monitor_id: schedule.monitorId,
  shard: schedule.shard,
  project: schedule.project,
  kind: schedule.kind,
  name: schedule.name,
  target: schedule.target,
  config: schedule.config,
  secret_version: schedule.secretVersion ?? null,
  locations: schedule.locations,
  interval_seconds: schedule.intervalSeconds,
  enabled: schedule.enabled,
  enabled_at: schedule.enabledAt,
  deleted: schedule.deleted,
  revision: schedule.revision,
  grace_seconds: schedule.heartbeat?.graceSeconds ?? null,
  last_received_at: schedule.heartbeat?.lastReceivedAt ?? null,
  deadline_at: schedule.heartbeat?.deadlineAt ?? null,
});

const fromRow = (row: Row): MonitorSchedule => ({
  monitorId: row.monitor_id,
  shard: row.shard,
  project: row.project,
  kind: row.kind,
  name: row.name,
  target: row.target,
  config: row.config,
  secretVersion: row.secret_version ?? undefined,
  locations: row.locations,
  intervalSeconds: row.interval_seconds,
  enabled: row.enabled,
  enabledAt: row.enabled_at,
  deleted: row.deleted,
  revision: row.revision,
  heartbeat:
    row.grace_seconds === null || row.deadline_at === null
      ? undefined
      : {
          graceSeconds: row.grace_seconds,
          deadlineAt: row.deadline_at,
          lastReceivedAt: row.last_received_at ?? undefined,
        },
});

export async function schedulesById(db: Db, ids: readonly string[]): Promise<Map<string, MonitorSchedule>> {
  const { rows } = await sql<Row>`
    select ${columns} from schedule s where monitor_id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.monitor_id, fromRow(row)]));
}

/** Writes the schedules and tells nobody. */
export async function writeSchedules(db: Db, schedules: readonly MonitorSchedule[]): Promise<void> {
  if (schedules.length === 0) return;
  await sql`insert into schedule (${targets})
    select * from ${unnest('n', COLUMNS, schedules.map(toRow))}
    on conflict (monitor_id) do update set ${assignments}`.execute(db);
}

/** Writes the schedules and tells every clock, in the transaction of the fold. */
export async function saveSchedules(db: Db, schedules: readonly MonitorSchedule[]): Promise<void> {
  if (schedules.length === 0) return;
  await writeSchedules(db, schedules);
  const changed = schedules.map(({ monitorId, shard }) => ({ monitor_id: monitorId, shard }));
  await sql`insert into change (monitor_id, shard, version)
    select monitor_id, shard, nextval('change_version')
    from ${unnest('c', { monitor_id: 'uuid', shard: 'text' }, changed)}
    on conflict (monitor_id) do update set version = excluded.version`.execute(db);
  await sql`select pg_notify(${CHANGED_CHANNEL}, '')`.execute(db);
}

type StoredRow = Row & { readonly first_done_at: Instant | null };
const stored = (row: StoredRow): StoredSchedule => ({
  schedule: fromRow(row),
  firstDoneAt: row.first_done_at ?? undefined,
});

export async function activeSchedules(db: Db, shard: Shard): Promise<StoredSchedule[]> {
  const { rows } = await sql<StoredRow>`
    select ${columns}, f.slot as first_done_at
    from schedule s left join first_check f using (monitor_id)
    where s.shard = ${shard} and s.enabled and not s.deleted`.execute(db);
  return rows.map(stored);
}

/** The version up to which the changes of a shard are in what is read after. */
export async function changeVersion(db: Db, shard: Shard): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select coalesce(max(version), 0) as version from change where shard = ${shard}`.execute(db);
  return rows[0]?.version ?? 0;
}

/** What changed in these shards since the versions seen, with the version of each change. */
export async function changesSince(
  db: Db,
  seen: ReadonlyMap<Shard, number>,
): Promise<(StoredSchedule & { readonly version: number })[]> {
  const since = [...seen].map(([shard, version]) => ({ shard, version }));
  const { rows } = await sql<StoredRow & { version: number }>`
    select ${columns}, f.slot as first_done_at, c.version
    from ${unnest('o', { shard: 'text', version: 'int8' }, since)}
      join change c on c.shard = o.shard and c.version > o.version
      join schedule s on s.monitor_id = c.monitor_id
      left join first_check f on f.monitor_id = c.monitor_id
    order by c.version`.execute(db);
  return rows.map((row) => ({ ...stored(row), version: row.version }));
}

/**
 * What a rebuild folds again. The marks and first checks are the clock's and stay, and so does what was heard: a rebuild
 * publishes nothing.
 */
export async function emptySchedules(db: Db): Promise<void> {
  await keepHeard(db);
  await sql`truncate schedule, change`.execute(db);
}
