import { requests } from '@tocsin/contracts';
import { connectNats, Secret, secretKeyId } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, SECRET_KEY, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';

const CANARY = 'canary7f3a9c';
let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const monitor = {
  name: 'm',
  type: 'http_request',
  target: 'https://shop.example/',
  config: {
    auth: { type: 'basic', username: 'u', password: CANARY },
    headers: { 'x-api-key': CANARY, accept: 'a' },
  },
};

const PROVIDERS = [
  { type: 'webhook', config: { url: `https://h.example/${CANARY}`, headers: { 'x-token': CANARY } } },
  { type: 'slack', config: { webhookUrl: `https://hooks.slack.com/${CANARY}` } },
  { type: 'discord', config: { discordWebhookUrl: `https://discord.com/api/webhooks/1/${CANARY}` } },
  { type: 'teams', config: { teamsWebhookUrl: `https://teams.example/${CANARY}` } },
  { type: 'telegram', config: { botToken: `123:${CANARY}`, chatId: '1' } },
  {
    type: 'email',
    config: {
      emails: 'a@b.c',
      smtp: { host: 'mx', port: 25, secure: false, user: 'u', password: CANARY, from: 'a@b.c' },
    },
  },
];

async function ask(question: unknown): Promise<unknown> {
  const executor = connectNats({ url: servers.natsUrl, name: 'executor' });
  const nc = await executor.connection();
  try {
    return (await nc.request(requests.monitorSecret, JSON.stringify(question), { timeout: 2000 })).json();
  } finally {
    await executor.close();
  }
}

test('SEC10 SEC11 SEC18 a secret is in no answer, event, stream, table or log line', async () => {
  const answers = [await api.admin.post('/monitors', monitor, { 'idempotency-key': 'c' })];
  answers.push(await api.admin.patch(`/monitors/${answers[0]?.id}`, { name: 'other' }));
  answers.push(await api.admin.post(`/monitors/${answers[0]?.id}/run`));
  for (const provider of PROVIDERS) {
    const created = await api.admin.post('/notification-providers', { name: 'p', ...provider });
    expect(created.status).toBe(201);
    answers.push(created, await api.admin.patch(`/notification-providers/${created.id}`, { enabled: false }));
  }
  answers.push(await api.admin.get('/monitors'), await api.admin.get('/notification-providers'));
  // Refused with the secret in it, and failing with the secret in it.
  answers.push(
    await api.admin.post('/monitors', { ...monitor, config: { ...monitor.config, method: CANARY } }),
  );
  answers.push(await api.admin.get('/jobs', { authorization: `Bearer ${CANARY}` }));
  for (const { text } of answers) expect(text).not.toContain(CANARY);

  await expect.poll(async () => (await api.streamed('CONFIG')).length).toBe(2 + 2 * PROVIDERS.length);
  for (const stream of ['CONFIG', 'CHECKS'] as const)
    expect(JSON.stringify(await api.streamed(stream))).not.toContain(CANARY);
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('config', 'auth')`.execute(api.db);
  expect(tables.length).toBeGreaterThan(10);
  const hex = Buffer.from(CANARY).toString('hex');
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.raw(name)} t`.execute(
      api.db,
    );
    for (const { text } of rows) expect(text).not.toMatch(new RegExp(`${CANARY}|${hex}`));
  }
  expect(api.lines.join('')).not.toContain(CANARY);
});

test('an executor is told the secret of the version its check names, and that an unknown one will never be', async () => {
  const { id } = await api.admin.post('/monitors', monitor);
  const secret = { auth: { password: CANARY }, headers: { 'x-api-key': CANARY } };
  expect(await ask({ monitorId: id, version: 1 })).toEqual({ secret });
  await api.admin.patch(`/monitors/${id}`, { config: { auth: { password: `${CANARY}2` } } });
  expect(await ask({ monitorId: id, version: 2 })).toMatchObject({
    secret: { auth: { password: `${CANARY}2` } },
  });
  expect(await ask({ monitorId: id, version: 1 })).toEqual({ secret });
  for (const question of [{ monitorId: id, version: 9 }, { monitorId: 'x' }, 'x'])
    expect(await ask(question)).toEqual({ error: { code: 'not_found' } });
  await api.admin.delete(`/monitors/${id}`);
  expect(await ask({ monitorId: id, version: 2 })).toEqual({ error: { code: 'not_found' } });
});

test('a target on another host does not get the credentials of the one before', async () => {
  const { id } = await api.admin.post('/monitors', monitor);
  const refused = await api.admin.patch(`/monitors/${id}`, { target: 'https://evil.example/' });
  expect(refused.body).toMatchObject({
    errors: [{ field: 'config.auth.password' }, { field: 'config.headers.x-api-key' }],
  });
  expect((await api.admin.patch(`/monitors/${id}`, { target: 'https://shop.example/other' })).status).toBe(
    200,
  );
});

test('without credentials a monitor has no secret, and losing them forgets them', async () => {
  const { id } = await api.admin.post('/monitors', monitor);
  const plain = { name: 'm', type: 'http_request', target: 'https://other.example/' };
  expect((await api.admin.put(`/monitors/${id}`, plain)).status).toBe(200);
  expect(await ask({ monitorId: id, version: 1 })).toEqual({ error: { code: 'not_found' } });
});

test('SEC10 a ciphertext moved to another record does not open', async () => {
  const [one, two] = [await api.admin.post('/monitors', monitor), await api.admin.post('/monitors', monitor)];
  await sql`update config.secret as t set ciphertext = s.ciphertext, wrapped_key = s.wrapped_key
    from config.secret s where s.record_id = ${one.id} and t.record_id = ${two.id}`.execute(api.db);
  expect(await ask({ monitorId: two.id, version: 1 })).toEqual({ error: { code: 'unavailable' } });
});

test('after a rotation secrets move to the new key, and the old one is needed no more', async () => {
  const { id } = await api.admin.post('/monitors', monitor);
  const beat = await api.admin.post('/monitors', { name: 'b', type: 'heartbeat' });
  await sql`delete from config.secret where record_id <> ${id}`.execute(api.db);
  const present = Buffer.alloc(32, 9).toString('base64');
  const keyId = secretKeyId(new Secret(present));
  const between = { TOCSIN_SECRET_KEY: present, TOCSIN_SECRET_KEY_PREVIOUS: SECRET_KEY };
  const rotating = await startApi(servers, undefined, between);
  const keyIds = () => api.db.selectFrom('config.secret').select('key_id').distinct().execute();
  await expect.poll(keyIds).toEqual([{ key_id: keyId }]);
  const beatKey = () => api.db.selectFrom('config.heartbeat').select('key_id').execute();
  await expect.poll(beatKey).toEqual([{ key_id: keyId }]);
  await rotating.stop();
  const rotated = await startApi(servers, undefined, { TOCSIN_SECRET_KEY: present });
  const { body } = await rotated.admin.patch(`/monitors/${id}`, { config: { auth: { username: 'v' } } });
  expect(body).toMatchObject({ revision: 2, config: { auth: { username: 'v' } } });
  const sent = new URL(textAt(beat.body, 'heartbeatUrl')).pathname.replace('/api/v1', '');
  const shown = new URL(textAt((await rotated.admin.get(`/monitors/${beat.id}`)).body, 'heartbeatUrl'));
  expect(shown.pathname).toContain(sent);
  await rotated.stop();
});
