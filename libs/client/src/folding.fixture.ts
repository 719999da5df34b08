import { connectDatabase, migrate, unnest } from '@tocsin/database';
import { createJetStreamLog, createProjectionTables, type Fold, runProjection } from '@tocsin/event-log';
import { connectNats, createLogger, createMetrics } from '@tocsin/service-kit';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';

const logger = createLogger({ name: 'folding', level: 'fatal' });

/** A projection like the product's own: it folds STATUS into Postgres and remembers how late each event was committed. */
export async function startFolding(pgUrl: string, natsUrl: string) {
  const database = await freshDatabase(pgUrl);
  const db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'folding', maxConnections: 3 });
  await migrate(db, 'f', [
    {
      name: '0001',
      up: async (tx) => {
        await createProjectionTables(tx, 'f');
        await sql`create table f.change (id uuid primary key, at timestamptz not null)`.execute(tx);
      },
    },
  ]);
  /** milliseconds from saying to commit, by id */
  const lags = new Map<string, number>();
  const fold: Fold = async (events, { tx, afterCommit }) => {
    const rows = events.map(({ id, time }) => ({ id, at: time }));
    await sql`insert into f.change select * from ${unnest('row', { id: 'uuid', at: 'timestamptz' }, rows)}`.execute(
      tx,
    );
    afterCommit(() => {
      for (const { id, time } of events) lags.set(id, Date.now() - Date.parse(time));
    });
  };
  const ending = new AbortController();
  const nats = connectNats({ url: natsUrl, name: 'folding' });
  const running = runProjection(
    {
      projection: {
        name: 'folding',
        schema: 'f',
        inputs: [{ stream: 'STATUS', subjects: () => ['status.>'] }],
      },
      db,
      log: createJetStreamLog({ nats, logger }),
      logger,
      metrics: createMetrics('test'),
    },
    fold,
    ending.signal,
  );
  return {
    lags,
    async stop() {
      ending.abort();
      await running;
      await nats.close();
      await db.destroy();
      await database.drop();
    },
  };
}
