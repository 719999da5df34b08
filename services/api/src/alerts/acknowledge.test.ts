import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { alertRow, createViews, insertRows, notificationRow, uuid } from '../reading/views.fixture.js';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { foreigner } from '../testing/given.fixture.js';

const TARGET = uuid(100);
const [OPEN, RESOLVED, TAKEN] = [uuid(1), uuid(2), uuid(3)];
const [FAILED, DELIVERED] = [uuid(11), uuid(12)];
let servers: Servers;
let api: Api;
/** what was answered before the other services had ever run */
let unborn: number[];
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  unborn = [
    (await api.admin.post(`/alerts/${OPEN}/acknowledge`)).status,
    (await api.admin.post(`/notifications/${FAILED}/redrive`)).status,
  ];
  await createViews(api.db);
  const taken = {
    acknowledged_at: '2026-01-31T12:30:00.000Z',
    acknowledged_by: 'ann',
    acknowledgement_note: 'mine',
  };
  await insertRows(api.db, 'evaluator.alert', [
    alertRow(1, 0),
    alertRow(2, 60, {
      state: 'resolved',
      resolved_at: '2026-01-31T13:00:00.000Z',
      resolved_reason: 'recovered',
    }),
    alertRow(3, 120, taken),
  ]);
  await insertRows(api.db, 'notifier.notification', [
    notificationRow(11, 0),
    notificationRow(12, 0, { state: 'delivered', reason: null }),
  ]);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const said = async (type: string) => (await api.streamed('CONFIG')).filter((event) => event.type === type);

test('an acknowledgement is on the log with the shard of its target, and shown at once', async () => {
  const key = { 'idempotency-key': 'ack' };
  const { status, body } = await api.admin.post(`/alerts/${OPEN}/acknowledge`, { note: ' on it ' }, key);
  expect(status).toBe(200);
  expect(body).toMatchObject({ acknowledgedBy: 'first administrator', acknowledgement: { note: 'on it' } });
  const again = await api.admin.post(`/alerts/${OPEN}/acknowledge`, { note: ' on it ' }, key);
  expect(again.body).toEqual(body);
  await expect.poll(async () => (await said('AcknowledgementGiven')).length).toBe(1);
  expect((await said('AcknowledgementGiven'))[0]).toMatchObject({
    subject: `config.default.ack.${OPEN}`,
    data: { alertId: OPEN, targetId: TARGET, note: 'on it', changedAt: body.acknowledgedAt },
  });
});

test('before the other services have ever run there is nothing to acknowledge or to send again', () => {
  expect(unborn).toEqual([404, 404]);
});

test('what is over or taken already is not acknowledged again', async () => {
  const over = await api.admin.post(`/alerts/${RESOLVED}/acknowledge`);
  expect(over.body).toMatchObject({ status: 409, code: 'conflict' });
  const taken = await api.admin.post(`/alerts/${TAKEN}/acknowledge`, { note: 'me too' });
  expect(taken.body).toMatchObject({ acknowledgement: { by: 'ann', note: 'mine' } });
  expect((await said('AcknowledgementGiven')).map(({ data }) => data.alertId)).toEqual([OPEN]);
});

test('K10 what could not be delivered is asked for again, what was delivered is not', async () => {
  const { status, body } = await api.admin.post(`/notifications/${FAILED}/redrive`);
  expect([status, body.notificationId]).toEqual([202, FAILED]);
  await expect.poll(async () => (await said('RedriveRequested')).length).toBe(1);
  expect((await said('RedriveRequested'))[0]).toMatchObject({
    subject: `config.default.redrive.${FAILED}`,
    data: { notificationId: FAILED, targetId: TARGET },
  });
  const done = await api.admin.post(`/notifications/${DELIVERED}/redrive`);
  expect(done.body).toMatchObject({ status: 409, code: 'conflict' });
});

test('alerts and notifications of another project do not exist', async () => {
  const other = await foreigner(api);
  expect((await other.post(`/alerts/${OPEN}/acknowledge`)).status).toBe(404);
  expect((await other.post(`/notifications/${FAILED}/redrive`)).status).toBe(404);
});

test('the status shown is the results service’s, except where a person decided a moment ago', async () => {
  const { id } = await api.admin.post('/monitors', { name: 'm', type: 'heartbeat' });
  const seen = {
    target_id: id,
    target_kind: 'monitor',
    project: 'default',
    status: 'down',
    deleted: false,
    last_check_at: '2026-01-31T12:00:00Z',
  };
  await insertRows(api.db, 'results.target_status', [seen]);
  const status = async () => (await api.admin.get(`/monitors/${id}`)).body.status;
  const listed = async (wanted: string) =>
    ((await api.admin.get(`/monitors?status=${wanted}`)).body.items as unknown[]).length;
  expect(await status()).toBe('down');
  expect([await listed('down'), await listed('pending'), await listed('paused')]).toEqual([1, 0, 0]);
  await api.admin.post(`/monitors/${id}/pause`);
  expect(await status()).toBe('paused');
  expect([await listed('down'), await listed('paused')]).toEqual([0, 1]);
  await api.db
    .updateTable('results.target_status' as never)
    .set({ status: 'paused' } as never)
    .execute();
  await api.admin.post(`/monitors/${id}/resume`);
  expect(await status()).toBe('pending');
  expect([await listed('paused'), await listed('pending')]).toEqual([0, 1]);
});

test('a provider that switched itself off says why', async () => {
  const { id } = await api.admin.post('/notification-providers', {
    name: 'p',
    type: 'webhook',
    config: { url: 'http://127.0.0.1/' },
  });
  const health = {
    provider_id: id,
    disabled_reason: 'gone',
    last_used_at: '2026-01-31T12:00:00Z',
    breaker: 'open',
  };
  await insertRows(api.db, 'notifier.provider_health', [health]);
  const shown = { disabledReason: 'gone', lastUsedAt: '2026-01-31T12:00:00.000Z' };
  expect((await api.admin.get(`/notification-providers/${id}`)).body).toMatchObject(shown);
  expect((await api.admin.patch(`/notification-providers/${id}`, { name: 'q' })).body).toMatchObject(shown);
});
