import { type Replayable, replayCommand } from '@tocsin/event-log';
import { type Instant, toInstant, toMs } from '@tocsin/kernel';
import { parseConfig } from '@tocsin/service-kit';
import { projectorConfig } from './config.js';
import { DAY_MS, firstKeptDay, startOfDay } from './day.js';
import { copyWhatNoLogTells, handOverMarks, settledFigures } from './replay.store.js';
import { PROJECTION, SCHEMA, SERVICE } from './result-projector.js';
import { resultsFold } from './results.projection.js';
import { rollUpDays, rollUpHours } from './rollups.store.js';

export interface ReplayableOptions {
  readonly now: () => Instant;
  readonly retentionDays: number;
}

/** Results, statuses and histories folded beside the live ones; figures made of them afterwards. */
export function replayableResults({ now, retentionDays }: ReplayableOptions): Replayable {
  const keptFrom = () => startOfDay(firstKeptDay(now(), retentionDays));
  return {
    service: SERVICE,
    schema: SCHEMA,
    projections: [{ projection: PROJECTION, createFold: () => resultsFold({ now, retentionDays }) }],
    tables: [
      { name: 'target', key: ['target_id'], role: 'folded', needsWholeLog: true },
      { name: 'target_last', key: ['target_id'], role: 'folded', needsWholeLog: true },
      {
        name: 'monitor_results',
        key: ['monitor_id', 'slot', 'location'],
        role: 'folded',
        indexLate: true,
        // Days that retention has dropped, or is about to.
        compared: async () => `t.slot >= '${keptFrom()}'`,
      },
      { name: 'job_run', key: ['run_id'], role: 'folded', needsWholeLog: true },
      { name: 'missed_slot', key: ['event_id'], role: 'folded' },
      { name: 'missed_run', key: ['event_id'], role: 'folded' },
      { name: 'status_history', key: ['id'], role: 'folded', needsWholeLog: true },
      {
        name: 'monitor_hourly',
        key: ['monitor_id', 'location', 'start_at'],
        role: 'folded',
        compared: async (live) => (await settledFigures(live, SCHEMA)).hours,
      },
      {
        name: 'monitor_daily',
        key: ['monitor_id', 'location', 'start_at'],
        role: 'folded',
        compared: async (live) => (await settledFigures(live, SCHEMA)).days,
      },
      { name: 'config_change', key: ['event_id'], role: 'working' },
      { name: 'dirty_hour', key: ['hour', 'shard'], role: 'working' },
      { name: 'dirty_day', key: ['day'], role: 'working' },
    ],
    prepare: async (tx, round) => {
      await copyWhatNoLogTells(tx, round, { firstSequence: round.firstResult, keptFrom: keptFrom() });
    },
    settle: async (db, { isHeld }) => {
      // The marks go along in a swap, and the service makes the figures.
      if (isHeld) return;
      await rollUpHours(db, keptFrom(), now());
      // All of them: none is too young to be compared.
      await rollUpDays(db, keptFrom(), toInstant(toMs(now()) + 2 * DAY_MS));
    },
    afterSwap: async (tx, { live, shadow }) => await handOverMarks(tx, live, shadow),
  };
}

/** `node dist/main.js replay …`. @returns the exit code */
export async function replayResults(args: readonly string[]): Promise<number> {
  const config = parseConfig(
    projectorConfig.pick({ DATABASE_URL: true, NATS_URL: true, TOCSIN_RESULTS_RETENTION_DAYS: true }),
    process.env,
  );
  const options = {
    now: () => new Date().toISOString(),
    retentionDays: config.TOCSIN_RESULTS_RETENTION_DAYS,
  };
  return await replayCommand(replayableResults(options), config, args);
}
