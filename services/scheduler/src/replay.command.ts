import { type Fold, type Replayable, replayCommand } from '@tocsin/event-log';
import { parseConfig } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { schedulerConfig } from './config.js';
import { takeHeardFrom } from './heard.store.js';
import { RUNS_CHANNEL } from './runs/run.store.js';
import { foldJobs, RUNS_PROJECTION } from './runs/runs.projection.js';
import { foldSchedules, SCHEDULE_PROJECTION } from './schedule.projection.js';
import { CHANGED_CHANNEL, writeSchedules } from './schedule.store.js';

const nobody = () => undefined;

const schedulesBeside: Fold<unknown> = (events, context) =>
  foldSchedules(events, context, nobody, {
    save: writeSchedules,
    // What the log alone tells, to be compared; in a swap what was heard is taken over.
    heardOf: async () => new Map(),
  });

const jobsBeside: Fold<unknown> = async (events, { tx }) => {
  await foldJobs(
    tx,
    events.filter(({ type }) => type === 'JobConfigured' || type === 'JobDeleted'),
  );
};

/** Schedules and jobs. Runs are moved on by the queue as much as by the log: they are this service's own, and stay. */
export const replayableScheduler: Replayable = {
  service: 'scheduler',
  schema: 'scheduler',
  projections: [
    { projection: SCHEDULE_PROJECTION, createFold: () => schedulesBeside },
    { projection: RUNS_PROJECTION, createFold: () => jobsBeside, skips: ['RESULTS'] },
  ],
  tables: [
    { name: 'schedule', key: ['monitor_id'], role: 'folded', needsWholeLog: true },
    // The clock's note about when to look next.
    { name: 'job', key: ['job_id'], role: 'folded', ignored: ['next_slot_at'] },
  ],
  // Every clock reads again what is not as it was; the queue looks at every cron anew.
  afterSwap: async (tx, { live, before }) => {
    await takeHeardFrom(tx, live, before);
    const [is, was] = [sql.id(live, 'schedule'), sql.id(before, 'schedule')];
    await sql`insert into ${sql.id(live, 'change')} (monitor_id, shard, version)
      select s.monitor_id, s.shard, nextval(${`${live}.change_version`}::regclass)
      from ${is} as s left join ${was} as w using (monitor_id)
      where row(s.*)::text is distinct from row(w.*)::text
      on conflict (monitor_id) do update set version = excluded.version`.execute(tx);
    await sql`select pg_notify(${CHANGED_CHANNEL}, ''), pg_notify(${RUNS_CHANNEL}, '')`.execute(tx);
  },
};

/** `node dist/main.js replay …`. @returns the exit code */
export async function replayScheduler(args: readonly string[]): Promise<number> {
  const needed = schedulerConfig.pick({ NATS_URL: true, DATABASE_URL: true });
  return await replayCommand(replayableScheduler, parseConfig(needed, process.env), args);
}
