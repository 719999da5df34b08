import { type Fold, runProjection } from '@tocsin/event-log';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { at, check, configured, idOf } from './events.fixture.js';
import { startProjector, type TestProjector } from './projector.fixture.js';
import { PROJECTION } from './result-projector.js';

let projector: TestProjector;
beforeEach(async () => {
  projector = await startProjector(await freshDatabase(inject('pgUrl')));
});
afterEach(() => projector.close());

const tables = ['monitor_results', 'target', 'target_last', 'status_history', 'outbox', 'config_change'];
const nothing = tables.map((table) => `-- ${table}`).join('\n');

/** Folds with this once, and tells what the tables hold when it is over. */
async function once(fold: Fold): Promise<string> {
  const stop = new AbortController();
  await runProjection(
    {
      projection: PROJECTION,
      db: projector.db,
      log: projector.log,
      logger: createLogger({ name: 'test', level: 'silent' }),
      metrics: createMetrics('test'),
    },
    async (events, context) => {
      stop.abort();
      await fold(events, context);
    },
    stop.signal,
  );
  return await projector.dump(tables);
}

describe('K11: a batch', () => {
  it.each(['before', 'after'])(
    'leaves nothing when the connection is killed %s its last write, and all of it when folded again',
    async (moment) => {
      const m = idOf(1);
      await projector.publish(configured(m, 1), check(m, at(0)), check(m, at(60), { outcome: 'down' }));
      const left = await once(async (events, context) => {
        const kill = () => sql`select pg_terminate_backend(${pid})`.execute(projector.db);
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(context.tx);
        const pid = rows[0]?.pid ?? 0;
        if (moment === 'before') await kill();
        await projector.fold(events, context);
        await kill();
      });
      expect(left).toBe(nothing);

      await projector.catchUp();
      expect(await projector.rows('select 1 from results.monitor_results')).toHaveLength(2);
      expect(
        await projector.rows('select to_status from results.status_history order by changed_at'),
      ).toEqual([{ to_status: 'up' }, { to_status: 'down' }]);
      expect(await projector.rows('select 1 from results.outbox')).toHaveLength(2);
      expect(await projector.rows('select 1 from results.dead_letter')).toEqual([]);
    },
  );
});
