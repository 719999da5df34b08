import { type NewEvent, requests, subjects } from '@tocsin/contracts';
import { createJetStreamLog } from '@tocsin/event-log';
import { derivedId, type JsonObject, toInstant } from '@tocsin/kernel';
import { connectNats, createLogger } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { clientWith, configEvents, foreigner } from '../testing/given.fixture.js';
import { EVENT_LOG, type Log } from '../wiring.js';

const CANARY = 'canary81bd';
const URL = `https://desk.example/in/${CANARY}`;
const desk = { name: 'desk', url: URL };
let servers: Servers;
let api: Api;
const nowMs = Date.now();
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => toInstant(nowMs));
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const create = async (more: object = {}) => await api.admin.post('/subscriptions', { ...desk, ...more });

function statusChanged(n: number, project = 'default'): NewEvent {
  const targetId = derivedId('monitor', project);
  return {
    type: 'StatusChanged',
    id: derivedId('status', project, String(n)),
    source: 'tocsin/result-projector',
    time: toInstant(nowMs),
    natsSubject: subjects.status(project, 'monitor', targetId),
    entityId: targetId,
    data: {
      targetId,
      targetKind: 'monitor',
      project,
      from: 'up',
      to: 'down',
      changedAt: toInstant(nowMs),
      reason: 'r',
    },
  } as unknown as NewEvent;
}
async function publish(event: NewEvent): Promise<void> {
  const nats = connectNats({ url: servers.natsUrl, name: 'writer' });
  await createJetStreamLog({ nats, logger: createLogger({ name: 'writer', level: 'silent' }) }).publish(
    event,
  );
  await nats.close();
}

test('is made with defaults, a signing secret that is shown once, and an event without any secret', async () => {
  const made = await create({ headers: { 'X-Key': CANARY } });
  expect(made.status).toBe(201);
  expect(textAt(made.body, 'signingSecret')).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(made.body).toMatchObject({
    url: '********',
    headers: { 'X-Key': '********' },
    eventTypes: ['AlertRaised', 'AlertUnmuted', 'AlertResolved', 'AlertAcknowledged'],
    enabled: true,
    timeoutSeconds: 15,
    state: 'delivering',
    startAt: toInstant(nowMs),
    revision: 1,
  });
  const shown = await api.admin.get(`/subscriptions/${made.id}`);
  expect(shown.body).not.toHaveProperty('signingSecret');
  expect(shown.body).toMatchObject({ delivery: { behind: 0 } });
  expect((await api.admin.get('/subscriptions')).body.items).toEqual([shown.body]);
  const [event] = await configEvents(api, made.id);
  expect(event).toMatchObject({
    subscriptionId: made.id,
    startAt: toInstant(nowMs),
    config: { timeoutSeconds: 15, startRevision: 1 },
    secretVersion: 1,
  });
  expect(JSON.stringify(event)).not.toMatch(/canary|whsec/);
});

test('begins with the first event, or at an instant, and says no to anything else', async () => {
  expect((await create({ from: 'start' })).body.startAt).toBeNull();
  expect((await create({ from: '2026-01-01T01:00:00+01:00' })).body.startAt).toBe('2026-01-01T00:00:00.000Z');
  const wrong = [
    { from: 'yesterday' },
    { eventTypes: [] },
    { eventTypes: ['CheckCompleted'] },
    { url: 'ftp://x' },
    { url: 'https://user:pw@x.example/' },
    { timeoutSeconds: 2 },
    { headers: { 'webhook-id': 'x' } },
    { url: '********' },
    { signingSecret: 'whsec_mine' },
  ];
  const statuses = await Promise.all(wrong.map(async (one) => (await create(one)).status));
  expect(statuses).toEqual(wrong.map(() => 400));
});

test('is changed field by field, with its secrets left alone unless it goes elsewhere', async () => {
  const { id } = await create({ headers: { 'X-Key': CANARY, 'X-Other': 'o' } });
  const renamed = await api.admin.patch(`/subscriptions/${id}`, {
    name: 'two',
    headers: { 'X-Other': null },
  });
  expect(renamed.body).toMatchObject({ name: 'two', headers: { 'X-Key': '********' }, revision: 2 });
  expect(renamed.body).not.toHaveProperty('signingSecret');
  const same = await api.admin.put(`/subscriptions/${id}`, {
    ...desk,
    name: 'two',
    url: '********',
    headers: { 'X-Key': '********' },
  });
  expect(same.body.revision).toBe(2);
  const moved = await api.admin.patch(`/subscriptions/${id}`, { url: 'https://evil.example/' });
  expect(moved.body).toMatchObject({ status: 400, errors: [{ field: 'headers.X-Key' }] });
  const given = await api.admin.patch(`/subscriptions/${id}`, {
    url: 'https://other.example/',
    headers: { 'X-Key': 'new' },
  });
  expect(textAt(given.body, 'signingSecret')).toMatch(/^whsec_/);
  expect((await api.admin.patch(`/subscriptions/${id}`, { from: 'start' })).status).toBe(400);
  const put = await api.admin.put(`/subscriptions/${id}`, { ...desk, from: 'start' });
  expect(put.body).toMatchObject({ status: 400, errors: [{ field: 'from' }] });
  const stale = await api.admin.patch(`/subscriptions/${id}`, { name: 'x' }, { 'if-match': '"1"' });
  expect(stale.status).toBe(412);
});

test('has another secret when it is rotated, both of them for a while', async () => {
  const made = await create();
  const rotated = await api.admin.post(`/subscriptions/${made.id}/rotate-secret`, { keepPreviousHours: 2 });
  expect(textAt(rotated.body, 'signingSecret')).not.toBe(textAt(made.body, 'signingSecret'));
  expect(rotated.body.previousSecretUntil).toBe(toInstant(nowMs + 7_200_000));
  const again = await api.admin.post(`/subscriptions/${made.id}/rotate-secret`, { keepPreviousHours: 0 });
  expect(again.body).toMatchObject({ previousSecretUntil: null, revision: 3 });
  expect((await api.admin.post(`/subscriptions/${made.id}/rotate-secret`)).body.previousSecretUntil).toBe(
    toInstant(nowMs + 86_400_000),
  );
});

test('begins again where it is told to, each time anew, and is switched on again', async () => {
  const { id } = await create({ enabled: false });
  expect((await api.admin.get(`/subscriptions/${id}`)).body).toMatchObject({
    state: 'disabled',
    delivery: { disabledReason: 'by_a_person' },
  });
  await api.admin.post(`/subscriptions/${id}/resume`);
  for (const from of ['start', 'start', '2026-05-01T00:00:00Z'])
    expect((await api.admin.post(`/subscriptions/${id}/replay`, { from })).status).toBe(200);
  const events = (await configEvents(api, id)) as (JsonObject & { config: JsonObject })[];
  expect(events.map(({ enabled, startAt, config }) => [enabled, startAt, config.startRevision])).toEqual([
    [false, toInstant(nowMs), 1],
    [true, toInstant(nowMs), 1],
    [true, undefined, 3],
    [true, undefined, 4],
    [true, '2026-05-01T00:00:00.000Z', 5],
  ]);
  expect(events[1]?.config.resumedAt).toBe(toInstant(nowMs));
});

test('is deleted with its secrets, and the log says so', async () => {
  const { id } = await create();
  expect((await api.admin.delete(`/subscriptions/${id}`)).status).toBe(204);
  expect((await configEvents(api, id)).at(-1)).toMatchObject({ subscriptionId: id, revision: 2 });
  const { rows } = await sql`select 1 from config.secret where record_id = ${id}`.execute(api.db);
  expect(rows).toEqual([]);
  expect((await api.admin.get(`/subscriptions/${id}`)).status).toBe(404);
  const revisions = await api.admin.get(`/subscriptions/${id}/revisions`);
  expect(revisions.body.items).toHaveLength(1);
  const trail = await api.admin.get(`/audit?entityId=${id}`);
  expect(
    (trail.body.items as { kind: string; action: string }[]).map(({ kind, action }) => [kind, action]),
  ).toEqual([
    ['subscription', 'deleted'],
    ['subscription', 'created'],
  ]);
});

test('is nothing to another project, and not to be changed by who may only read', async () => {
  const { id } = await create();
  const other = await foreigner(api);
  expect((await other.get(`/subscriptions/${id}`)).status).toBe(404);
  expect((await other.get('/subscriptions')).body.items).toEqual([]);
  for (const action of ['resume', 'rotate-secret', 'test'])
    expect((await other.post(`/subscriptions/${id}/${action}`)).status).toBe(404);
  const reader = await clientWith(api, 'read');
  expect((await reader.post(`/subscriptions/${id}/rotate-secret`)).status).toBe(403);
  expect((await reader.get(`/subscriptions/${id}`)).status).toBe(200);
});

test('a repeated creation is one, with the same secret', async () => {
  const key = { 'idempotency-key': 'sub' };
  const first = await api.admin.post('/subscriptions', desk, key);
  expect((await api.admin.post('/subscriptions', desk, key)).body).toEqual(first.body);
});

test('how it stands is what the notifier says, and what the log holds behind that', async () => {
  const at = toInstant(nowMs);
  const { id } = await create({ eventTypes: ['StatusChanged'], from: 'start' });
  for (let n = 1; n <= 5; n += 1) await publish(statusChanged(n));
  await publish(statusChanged(6, 'other'));
  expect((await api.admin.get(`/subscriptions/${id}`)).body).toMatchObject({ delivery: { behind: 5 } });
  const { firstSequence } = await api.app.get<Log>(EVENT_LOG).describe('STATUS');
  await sql`create schema if not exists notifier`.execute(api.db);
  await sql`create table notifier.subscription_state (subscription_id uuid, revision int4, start_revision int4,
    alerts_sequence int8, alerts_at timestamptz, status_sequence int8, status_at timestamptz, standing jsonb,
    last_event_id text, last_event_type text, last_event_time timestamptz, last_delivered_at timestamptz,
    last_answer jsonb, delivered int8, attempts int8)`.execute(api.db);
  await sql`create table notifier.subscription_attempt (subscription_id uuid, number int8, event_id text,
    event_type text, started_at timestamptz, finished_at timestamptz, outcome text, status int4, excerpt text,
    reason text)`.execute(api.db);
  const standing = { state: 'retrying', since: at, failures: 2, nextAttemptAt: at };
  await sql`insert into notifier.subscription_state values (${id}, 1, 1, 0, null, ${firstSequence + 1}, ${at},
    ${JSON.stringify(standing)}::jsonb, 'e-2', 'StatusChanged', ${at}, ${at},
    ${JSON.stringify({ status: 503, reason: 'http_503' })}::jsonb, 2, 4)`.execute(api.db);
  await sql`insert into notifier.subscription_attempt select ${id}::uuid, n, 'e-3', 'StatusChanged', ${at}::timestamptz,
    ${at}::timestamptz, 'failed', 503, 'busy', 'http_503' from generate_series(1, 4) as n`.execute(api.db);
  expect((await api.admin.get(`/subscriptions/${id}`)).body).toMatchObject({
    state: 'retrying',
    delivery: {
      behind: 3,
      delivered: 2,
      lastEventId: 'e-2',
      failingSince: at,
      nextAttemptAt: at,
      lastAnswer: { status: 503, reason: 'http_503' },
    },
  });
  const page = await api.admin.get(`/subscriptions/${id}/attempts?limit=3`);
  expect((page.body.items as { number: number }[]).map(({ number }) => number)).toEqual([4, 3, 2]);
  const rest = await api.admin.get(`/subscriptions/${id}/attempts?cursor=${textAt(page.body, 'nextCursor')}`);
  expect(rest.body).toMatchObject({ items: [{ number: 1, excerpt: 'busy' }], nextCursor: null });
  const resumed = await api.admin.post(`/subscriptions/${id}/resume`);
  expect(resumed.body).toMatchObject({ state: 'delivering', delivery: { failingSince: null, delivered: 2 } });
  expect((await api.admin.get(`/subscriptions/${id}`)).body).toMatchObject({ state: 'delivering' });
});

test('is pinged by the notifier, and says so when that is away', async () => {
  const { id } = await create();
  expect((await api.admin.post(`/subscriptions/${id}/test`)).status).toBe(503);
  const notifier = connectNats({ url: servers.natsUrl, name: 'notifier' });
  const connection = await notifier.connection();
  const asked: unknown[] = [];
  const subscription = connection.subscribe(requests.testSubscription, {
    callback: (_error, message) => {
      asked.push(message.json());
      message.respond(JSON.stringify({ result: 'delivered', status: 204, excerpt: '' }));
    },
  });
  await connection.flush();
  expect((await api.admin.post(`/subscriptions/${id}/test`)).body).toMatchObject({ result: 'delivered' });
  expect(asked).toEqual([{ subscriptionId: id, revision: 1, project: 'default' }]);
  subscription.unsubscribe();
  await notifier.close();
});

test('SEC18 of its secrets nothing is in a log line, an event, an answer or a table', async () => {
  const { id } = await create({ headers: { 'X-Key': CANARY } });
  const answers = [
    await api.admin.get(`/subscriptions/${id}`),
    await api.admin.get('/subscriptions'),
    await api.admin.get('/audit'),
    await api.admin.get(`/subscriptions/${id}/revisions`),
    await create({ url: `${URL} ${CANARY}`, timeoutSeconds: 0 }),
  ];
  for (const { text } of answers) expect(text).not.toMatch(/canary81bd|whsec_/);
  expect(JSON.stringify(await api.streamed('CONFIG'))).not.toMatch(/canary81bd|whsec_/);
  expect(api.lines.join('')).not.toMatch(/canary81bd|whsec_/);
  const { rows } = await sql<{ text: string }>`
    select t::text as text from config.subscriptions t union all select data from config.event`.execute(
    api.db,
  );
  expect(rows.map(({ text }) => text).join('')).not.toMatch(/canary81bd|whsec_/);
});
