import { toInstant } from '@tocsin/kernel';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { type Browser, openBrowser, PASSWORD, signedIn } from '../testing/browser.fixture.js';
import { textAt } from '../testing/client.fixture.js';

let servers: Servers;
let api: Api;
let nowMs = Date.now();
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => toInstant(nowMs), {
    TOCSIN_SESSION_IDLE_HOURS: '2',
    TOCSIN_SESSION_DAYS: '3',
  });
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const HOUR = 3_600_000;
const OTHER = 'another long one 8';

let ada: Awaited<ReturnType<typeof signedIn>>;
beforeEach(async () => {
  ada = await signedIn(api, 'editor');
});

/** Whether the cookie opens anything: asked anew each time. */
const opens = async (cookie: string): Promise<boolean> => {
  const answers = [
    await openBrowser(api.url, cookie).get('/session'),
    await openBrowser(api.url, cookie).get('/monitors'),
    await openBrowser(api.url, cookie).post('/jobs', { name: 'j' }),
  ];
  const statuses = answers.map(({ status }) => status);
  expect([
    [200, 200, 201],
    [401, 401, 401],
  ]).toContainEqual(statuses);
  return statuses[0] === 200;
};
const another = async (): Promise<Browser> => {
  const browser = openBrowser(api.url);
  expect((await browser.signIn(ada.email)).status).toBe(200);
  return browser;
};

test('SEC13 a cookie is good for nothing after signing out', async () => {
  const old = ada.cookie;
  const elsewhere = await another();
  expect(await opens(old)).toBe(true);
  await ada.delete('/session');
  expect(await opens(old)).toBe(false);
  expect(await opens(elsewhere.cookie)).toBe(true);
});

test('SEC13 signing in again in the same browser ends the session before', async () => {
  const old = ada.cookie;
  await ada.signIn(ada.email);
  expect(ada.cookie).not.toBe(old);
  expect([await opens(old), await opens(ada.cookie)]).toEqual([false, true]);
});

test('SEC13 a failed attempt leaves the session before as it was', async () => {
  const old = ada.cookie;
  expect((await ada.signIn(ada.email, 'not the password')).status).toBe(401);
  expect(ada.cookie).toBe(old);
  expect(await opens(old)).toBe(true);
});

test('SEC13 another password ends all sessions, and this one goes on under another cookie', async () => {
  const old = ada.cookie;
  const elsewhere = await another();
  const answer = await ada.post('/session/password', { current: PASSWORD, next: OTHER });
  expect(answer.body).toMatchObject({ user: { email: ada.email } });
  expect([await opens(old), await opens(elsewhere.cookie), await opens(ada.cookie)]).toEqual([
    false,
    false,
    true,
  ]);
  expect((await openBrowser(api.url).signIn(ada.email)).status).toBe(401);
  expect((await openBrowser(api.url).signIn(ada.email, OTHER)).status).toBe(200);
});

test('SEC13 a password that was reset ends all sessions, and is to be changed before anything else', async () => {
  const { body } = await api.admin.post(`/users/${ada.id}/password`);
  expect(await opens(ada.cookie)).toBe(false);
  const once = openBrowser(api.url);
  expect((await once.signIn(ada.email, textAt(body, 'password'))).body).toMatchObject({
    user: { passwordIsTemporary: true },
  });
  expect((await once.get('/monitors')).body).toMatchObject({ status: 403, code: 'password_change_required' });
  expect((await once.get('/session')).status).toBe(200);
  await once.post('/session/password', { current: body.password, next: OTHER });
  expect((await once.get('/monitors')).status).toBe(200);
});

test.each([
  ['another role', { role: 'viewer' }],
  ['being disabled', { disabled: true }],
])('SEC13 %s ends all sessions', async (_, change) => {
  const elsewhere = await another();
  expect((await api.admin.patch(`/users/${ada.id}`, change)).status).toBe(200);
  expect([await opens(ada.cookie), await opens(elsewhere.cookie)]).toEqual([false, false]);
});

test('SEC13 another name ends nothing', async () => {
  await api.admin.patch(`/users/${ada.id}`, { name: 'Ada L.' });
  expect(await opens(ada.cookie)).toBe(true);
});

test('SEC13 who is disabled cannot sign in, and can when enabled again, with no session of before', async () => {
  await api.admin.patch(`/users/${ada.id}`, { disabled: true });
  expect((await openBrowser(api.url).signIn(ada.email)).body).toMatchObject({
    status: 401,
    code: 'unauthorized',
  });
  await api.admin.patch(`/users/${ada.id}`, { disabled: false });
  expect(await opens(ada.cookie)).toBe(false);
  expect((await openBrowser(api.url).signIn(ada.email)).status).toBe(200);
});

test('SEC13 being deleted ends everything', async () => {
  expect((await api.admin.delete(`/users/${ada.id}`)).status).toBe(204);
  expect(await opens(ada.cookie)).toBe(false);
  expect((await openBrowser(api.url).signIn(ada.email)).status).toBe(401);
});

test('SEC13 an administrator who takes another role goes on under another cookie', async () => {
  const [one] = [await signedIn(api, 'admin'), await signedIn(api, 'admin')];
  const old = one.cookie;
  expect((await one.patch(`/users/${one.id}`, { role: 'editor' })).status).toBe(200);
  expect(one.cookie).not.toBe(old);
  expect([await opens(old), await opens(one.cookie)]).toEqual([false, true]);
  expect((await one.get('/users')).status).toBe(403);
});

test('SEC13 a session ends when nobody uses it, and in the end whatever is done', async () => {
  nowMs += 2 * HOUR - 1000;
  expect(await opens(ada.cookie)).toBe(true);
  nowMs += 2 * HOUR - 1000;
  expect(await opens(ada.cookie)).toBe(true);
  nowMs += 2 * HOUR;
  expect(await opens(ada.cookie)).toBe(false);

  const steady = await another();
  for (let step = 0; step < 47; step++) {
    nowMs += 1.5 * HOUR;
    expect((await steady.get('/session')).status).toBe(200);
  }
  nowMs += 1.5 * HOUR;
  expect((await steady.get('/session')).status).toBe(401);
});

test('one sees where one is signed in, and ends it there', async () => {
  const elsewhere = await another();
  const third = await another();
  const stranger = await signedIn(api, 'viewer');
  const { body } = await ada.get('/sessions');
  const items = body.items as { id: string; current: boolean; network: string; method: string }[];
  expect(items).toHaveLength(3);
  expect(items.filter(({ current }) => current)).toHaveLength(1);
  expect(items[0]).toMatchObject({ network: '127.0.0.1', method: 'password' });
  const other = items.find(({ current }) => !current)?.id ?? '';
  expect((await stranger.delete(`/sessions/${other}`)).status).toBe(404);
  expect((await ada.delete(`/sessions/${other}`)).status).toBe(204);
  expect((await ada.delete(`/sessions/${other}`)).status).toBe(404);
  expect([await opens(elsewhere.cookie), await opens(third.cookie)].filter(Boolean)).toHaveLength(1);
  await ada.delete('/sessions');
  expect([await opens(elsewhere.cookie), await opens(third.cookie)]).toEqual([false, false]);
  expect(await opens(ada.cookie)).toBe(true);
});

test('of a session only the hash of what the cookie holds is kept', async () => {
  const [, secret = ''] = ada.cookie.split('=');
  expect(secret).toMatch(/^[A-Za-z0-9_-]{32}$/);
  const rows = await api.db.selectFrom('auth.session').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(secret);
  for (const { secret_hash: hash } of rows) expect(hash).toHaveLength(32);
});
