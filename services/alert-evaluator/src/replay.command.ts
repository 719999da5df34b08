import { type Replayable, replayCommand } from '@tocsin/event-log';
import { parseConfig } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { evaluatorConfig } from './config.js';
import { PROJECTION, SCHEMA, SERVICE } from './evaluator.js';
import type { Report } from './evaluator.metrics.js';
import { createFold, type Publish } from './evaluator.projection.js';
import { finishShards } from './rebuild.loop.js';
import { listDecisions } from './replay.store.js';

/** A decision of a replay would be told a second time. */
const refuse: Publish = async (_tx, appends) => {
  if (appends.length > 0)
    throw new Error(`a replay decided ${appends[0]?.event.type} anew: that is a bug, nothing was published`);
};

/**
 * Counters from RESULTS, decisions from the event table, as a rebuild has them. Configuration is not read: what came of it
 * is among the decisions.
 */
export function replayableEvaluator(report: Report): Replayable {
  return {
    service: SERVICE,
    schema: SCHEMA,
    projections: [
      { projection: PROJECTION, createFold: () => createFold(report, refuse), skips: ['CONFIG'] },
    ],
    gates: ['shard_writer'],
    tables: [
      { name: 'target_state', key: ['target_id'], role: 'folded', needsWholeLog: true },
      { name: 'alert', key: ['id'], role: 'folded' },
      { name: 'to_replay', key: ['chain', 'position'], role: 'working' },
      { name: 'put_off', key: ['id'], role: 'working' },
      { name: 'shard_writer', key: ['shard'], role: 'working' },
      { name: 'event_chain', key: ['chain'], role: 'working' },
    ],
    prepare: listDecisions,
    settle: async (db) => {
      await finishShards({ db, report, publish: refuse });
    },
    // What processes remember of the old states is not to be believed.
    afterSwap: async (tx, { live }) => {
      await sql`delete from ${sql.id(live, 'shard_writer')}`.execute(tx);
    },
  };
}

/** `node dist/main.js replay …`. @returns the exit code */
export async function replayEvaluator(args: readonly string[]): Promise<number> {
  const needed = evaluatorConfig.pick({ DATABASE_URL: true, NATS_URL: true });
  let differences = 0;
  const report: Report = (folded) => {
    differences += folded.differences;
  };
  const code = await replayCommand(replayableEvaluator(report), parseConfig(needed, process.env), args);
  if (differences > 0)
    process.stderr.write(
      `of ${differences} results the rules of today would make something else than the alert log says; the log stands\n`,
    );
  return code;
}
