import { connectDatabase } from '@tocsin/database';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { providerHealth } from './provider-health.store.js';
import { hasStatus, targetStatuses } from './target-status.store.js';
import { at, createViews, insertRows, uuid } from './views.fixture.js';

const [UP, DOWN, PENDING, UNSEEN, DELETED] = [1, 2, 3, 4, 5].map(uuid) as [
  string,
  string,
  string,
  string,
  string,
];
const ALL = [UP, DOWN, PENDING, UNSEEN];

let db: Kysely<unknown>;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await freshDatabase(inject('pgUrl'));
  db = connectDatabase({ databaseUrl: database.url, name: 'test', onIdleError: () => {} });
  drop = async () => {
    await db.destroy();
    await database.drop();
  };
});
afterAll(() => drop());

async function withStatus(status: 'up' | 'down' | 'pending'): Promise<string[]> {
  const condition = await hasStatus(db, sql.ref('m.id'), status);
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${ALL}::uuid[]) as m(id) where ${condition} order by id`.execute(db);
  return rows.map(({ id }) => id);
}

const UNSEEN_STATUS = { status: 'pending', lastCheckAt: null, lastStatusChangeAt: null };
const UNUSED_PROVIDER = {
  lastUsedAt: null,
  disabledReason: null,
  failingSince: null,
  failingReason: null,
  circuit: 'closed',
};

describe('before the other services were ever started', () => {
  it('everything is pending and no provider was used', async () => {
    expect((await targetStatuses(db, ALL))(UP)).toEqual(UNSEEN_STATUS);
    expect((await providerHealth(db, [UP]))(UP)).toEqual(UNUSED_PROVIDER);
    expect([await withStatus('pending'), await withStatus('up')]).toEqual([ALL, []]);
  });
});

describe('when they have something to say', () => {
  beforeAll(async () => {
    await createViews(db);
    const row = (id: string, status: string, more: object = {}) => ({
      target_id: id,
      status,
      deleted: false,
      ...more,
    });
    await insertRows(db, 'results.target_status', [
      row(UP, 'up', { last_check_at: at(60), last_status_change_at: at(0) }),
      row(DOWN, 'down'),
      row(PENDING, 'pending'),
      row(DELETED, 'up', { deleted: true }),
    ]);
    await insertRows(db, 'notifier.provider_health', [
      { provider_id: UP, disabled_reason: 'gone', disabled_at: at(4), last_used_at: at(5), breaker: 'open' },
    ]);
  });

  it('each id gets its own answer, those nobody has seen the first one', async () => {
    const statusOf = await targetStatuses(db, ALL);
    expect(statusOf(UP)).toEqual({ status: 'up', lastCheckAt: at(60), lastStatusChangeAt: at(0) });
    expect([DOWN, UNSEEN].map((id) => statusOf(id).status)).toEqual(['down', 'pending']);
    const healthOf = await providerHealth(db, [UP, DOWN]);
    expect([healthOf(UP), healthOf(DOWN)]).toEqual([
      {
        lastUsedAt: at(5),
        disabledReason: 'gone',
        failingSince: at(4),
        failingReason: 'gone',
        circuit: 'open',
      },
      UNUSED_PROVIDER,
    ]);
  });

  it('a list is narrowed by status, and what nobody has seen is pending', async () => {
    expect(await withStatus('up')).toEqual([UP]);
    expect(await withStatus('down')).toEqual([DOWN]);
    expect(await withStatus('pending')).toEqual([PENDING, UNSEEN]);
  });

  it('asking for nothing asks nobody', async () => {
    expect((await targetStatuses(db, []))(UP)).toEqual(UNSEEN_STATUS);
  });
});
