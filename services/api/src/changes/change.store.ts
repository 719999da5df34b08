import { appendToTrail } from '@tocsin/audit';
import { appendEvents } from '@tocsin/event-log';
import type { Transaction } from 'kysely';
import type { ApiDatabase } from '../database.js';
import { CONFIG_CHAIN, CONFIG_EVENTS } from '../event-tables.js';
import type { Call } from '../http/call.js';
import type { Clock, Database, SecretKeys } from '../wiring.js';
import type { ConfigEvent } from './config-event.js';
import { answerGiven, claim, keepAnswer, placeOf } from './idempotency.store.js';

export const CHANGES = Symbol('changes');

export type Tx = Transaction<ApiDatabase>;

/** Rows, event and answer are one commit: what a caller was told *accepted* is in Postgres. */
export interface Changes {
  accept<Answer>(call: Call, work: (tx: Tx) => Promise<Answer>): Promise<Answer>;
  /** For work in several commits: an answer to it is kept by the `act` around them. */
  commit<Answer>(work: (tx: Tx) => Promise<Answer>): Promise<Answer>;
  /**
   * For what happens outside of Postgres and may take its time: no transaction waits for it. Two calls with one key at
   * the same moment, or a crash before the answer is stored, do it twice.
   */
  act<Answer>(call: Call, work: () => Promise<Answer>): Promise<Answer>;
}

/** Ends a transaction that was to show only what it would do. */
class DryRun extends Error {
  override readonly name = 'DryRun';

  constructor(readonly answer: unknown) {
    super('a dry run changes nothing');
  }
}

const ATTEMPTS = 5;

export function createChanges(db: Database, keys: SecretKeys, clock: Clock): Changes {
  async function transact<Answer>(call: Call, work: (tx: Tx) => Promise<Answer>): Promise<Answer> {
    if (call.headers['tocsin-dry-run'] !== 'true') return await db.transaction().execute(work);
    try {
      return await db.transaction().execute(async (tx): Promise<Answer> => {
        throw new DryRun(await work(tx));
      });
    } catch (error) {
      if (error instanceof DryRun) return error.answer as Answer;
      throw error;
    }
  }

  return {
    accept: <Answer>(call: Call, work: (tx: Tx) => Promise<Answer>) =>
      withRetries(() =>
        transact(call, async (tx) => {
          const place = placeOf(call);
          if (place === undefined) return await work(tx);
          const before = await claim(tx, call, place, keys, clock());
          if (before !== undefined) return before.body as Answer;
          const answer = await work(tx);
          await keepAnswer(tx, place, answer, keys);
          return answer;
        }),
      ),
    commit: <Answer>(work: (tx: Tx) => Promise<Answer>) => withRetries(() => db.transaction().execute(work)),
    async act<Answer>(call: Call, work: () => Promise<Answer>) {
      const place = placeOf(call);
      if (place === undefined) return await work();
      const before = await answerGiven(db, call, place, keys);
      if (before !== undefined) return before.body as Answer;
      const answer = await work();
      await db.transaction().execute(async (tx) => {
        if ((await claim(tx, call, place, keys, clock())) === undefined)
          await keepAnswer(tx, place, answer, keys);
      });
      return answer;
    },
  };
}

/** Deadlocks and lost races were rolled back whole: doing it again is all there is to do. */
async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (attempt >= ATTEMPTS || (code !== '40001' && code !== '40P01')) throw error;
    }
  }
}

export async function recordChanges(tx: Tx, events: readonly ConfigEvent[]): Promise<void> {
  await appendEvents(
    tx,
    CONFIG_EVENTS,
    events.map((event) => ({ event, chain: CONFIG_CHAIN })),
  );
  const origins = events.flatMap(({ id, network }) =>
    network === undefined ? [] : [{ event_id: id, network }],
  );
  if (origins.length === 0) return;
  await tx.insertInto('config.event_origin').values(origins).execute();
  await appendToTrail(
    tx,
    origins.map((row) => ({ table: 'config.event_origin', id: row.event_id, row })),
  );
}
