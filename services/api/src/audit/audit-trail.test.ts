import { createTrail, verifyTrail } from '@tocsin/audit';
import type { AuditEntry } from '@tocsin/http-api';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';

let servers: Servers;
let api: Api;
let db: Kysely<unknown>;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  db = api.db as unknown as Kysely<unknown>;
  for (const name of ['one', 'two', 'three', 'four']) {
    await api.admin.post('/jobs', { name });
    await api.admin.post('/tokens', { name, scopes: ['read'] });
  }
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

/** What is found while something is done to the tables; it is undone. */
async function foundAfter(statement: string) {
  let found: Awaited<ReturnType<typeof verifyTrail>>;
  await db
    .transaction()
    .execute(async (tx) => {
      await sql.raw(statement).execute(tx);
      found = await verifyTrail(tx);
      throw new Error('undo');
    })
    .catch((error: Error) => {
      if (error.message !== 'undo') throw error;
    });
  return found;
}

test('an audit trail that nobody touched is as it was written', async () => {
  expect(await verifyTrail(db)).toBeUndefined();
});

test.for([
  ['altered', `update auth.change set actor_name = 'somebody else' where entity_name = 'two'`],
  ['altered', `update config.event_origin set network = '192.0.2.1'`],
  ['deleted', `delete from auth.change where entity_name = 'three'`],
  [
    'inserted',
    `insert into config.event_origin values ('0190a1b2-0000-7000-8000-000000000001', '192.0.2.1')`,
  ],
  ['link_deleted', `delete from auth.trail where position = 3`],
  ['truncated', `delete from auth.trail where position = (select max(position) from auth.trail)`],
] as const)('what was %s shows: %s', async ([reason, statement]) => {
  expect((await foundAfter(statement))?.reason).toBe(reason);
});

test('rows that were there before the chain are taken into it', async () => {
  await db.transaction().execute(async (tx) => {
    await sql`drop table auth.trail, auth.trail_head`.execute(tx);
    await createTrail(tx);
  });
  expect(await verifyTrail(db)).toBeUndefined();
  await api.admin.post('/tokens', { name: 'five', scopes: ['read'] });
  expect(await verifyTrail(db)).toBeUndefined();
});

test('all of it comes as JSON Lines, each with its place in a chain, and as the list has it', async () => {
  const headers = { authorization: `Bearer ${api.admin.token}` };
  const exported = await fetch(`${api.url}/api/v1/audit/export`, { headers });
  const lines = (await exported.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry);
  const { items } = (await api.admin.get('/audit?limit=200')).body as unknown as { items: AuditEntry[] };
  expect(lines).toEqual(items);
  expect(new Set(lines.map(({ chain }) => chain?.name))).toEqual(new Set(['config', 'access']));
  for (const { chain } of lines) expect(chain?.hash).toMatch(/^[0-9a-f]{64}$/);
});

test('what is bound to nothing is listed all the same, and said to be', async () => {
  await sql`delete from auth.trail where row_id = (
    select id from auth.change where entity_name = 'four')`.execute(db);
  const { items } = (await api.admin.get('/audit?limit=200')).body as unknown as { items: AuditEntry[] };
  const unbound = items.filter(({ chain }) => chain === null);
  expect(unbound.map(({ entityName }) => entityName)).toEqual(['four']);
});
