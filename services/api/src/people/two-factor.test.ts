import { toInstant } from '@tocsin/kernel';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { openBrowser, signedIn } from '../testing/browser.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { rewrapTwoFactor } from './two-factor.store.js';

let servers: Servers;
let api: Api;
let nowMs = Date.now();
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => toInstant(nowMs));
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const STEP = 30_000;
let ada: Awaited<ReturnType<typeof signedIn>>;
let secret: string;
let uri: string;
let recoveryCodes: string[];
beforeEach(async () => {
  nowMs += 20 * STEP;
  ada = await signedIn(api, 'viewer');
  const { body } = await ada.post('/session/two-factor');
  secret = textAt(body, 'secret');
  uri = textAt(body, 'uri');
  const confirmed = await ada.put('/session/two-factor', { code: codeNow() });
  recoveryCodes = confirmed.body.recoveryCodes as string[];
});

const codeAt = (timestamp: number) => new TOTP({ secret, period: 30 }).generate({ timestamp });
const codeNow = () => codeAt(nowMs);
const signIn = (code?: string) => openBrowser(api.url).signIn(ada.email, undefined, code);

test('authenticator apps are told who asks, for whom, and the secret', () => {
  expect(uri).toMatch(
    /^otpauth:\/\/totp\/Tocsin:viewer-\w+%40example\.com\?issuer=Tocsin&secret=[A-Z2-7]{32}&/,
  );
});

test('with an authenticator app a password alone is not enough, and a code is good once', async () => {
  expect((await signIn()).body).toMatchObject({ status: 401, code: 'code_required' });
  expect((await signIn('000000')).body).toMatchObject({ status: 401, code: 'code_required' });
  // The one that confirmed was used.
  expect((await signIn(codeNow())).status).toBe(401);
  nowMs += STEP;
  expect((await signIn(codeNow())).body).toMatchObject({ user: { twoFactor: true } });
  expect((await signIn(codeNow())).status).toBe(401);
  nowMs += STEP;
  expect((await signIn(codeAt(nowMs - STEP))).status).toBe(401);
  expect((await signIn(codeAt(nowMs + STEP))).status).toBe(200);
});

test('of two who show the same code at once one is let in', async () => {
  nowMs += 2 * STEP;
  const answers = await Promise.all([signIn(codeNow()), signIn(codeNow()), signIn(codeNow())]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
});

test('a recovery code signs in once, and only its hash is kept', async () => {
  expect(recoveryCodes).toHaveLength(10);
  expect(new Set(recoveryCodes).size).toBe(10);
  const [code = ''] = recoveryCodes;
  expect((await signIn(code.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
  expect((await signIn(code)).status).toBe(401);
  expect((await signIn(recoveryCodes[1])).status).toBe(200);
  const rows = await api.db.selectFrom('auth.recovery_code').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(code);
});

test('codes are guessed no more often than passwords', async () => {
  const statuses: number[] = [];
  for (let at = 0; at < 14; at++) statuses.push((await signIn(String(100_000 + at))).status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  nowMs += STEP;
  expect((await signIn(codeNow())).status).toBe(429);
});

test('the wrong password is refused as ever, whatever the code', async () => {
  nowMs += STEP;
  const answer = await openBrowser(api.url).signIn(ada.email, 'not the password', codeNow());
  expect(answer.body).toMatchObject({ code: 'unauthorized' });
});

test('it is ended with a code, and not without', async () => {
  expect((await ada.delete('/session/two-factor', { code: '000000' })).status).toBe(400);
  expect((await ada.delete('/session/two-factor', { code: recoveryCodes[3] })).status).toBe(204);
  expect((await signIn()).body).toMatchObject({ user: { twoFactor: false } });
  expect((await ada.delete('/session/two-factor', { code: codeNow() })).status).toBe(409);
});

test('a secret that no code was shown of asks nobody for codes', async () => {
  const bob = await signedIn(api, 'viewer');
  await bob.post('/session/two-factor');
  expect((await openBrowser(api.url).signIn(bob.email)).status).toBe(200);
  expect((await bob.put('/session/two-factor', { code: '000000' })).body).toMatchObject({ status: 400 });
  expect((await bob.put('/session/two-factor', { code: 7 })).body).toMatchObject({
    errors: [{ field: 'code' }],
  });
});

test('turning it on ends what was begun without it, and changes the cookie', async () => {
  const bob = await signedIn(api, 'viewer');
  const elsewhere = openBrowser(api.url);
  await elsewhere.signIn(bob.email);
  const old = bob.cookie;
  ({ secret } = (await bob.post('/session/two-factor')).body as { secret: string });
  await bob.put('/session/two-factor', { code: codeNow() });
  expect(bob.cookie).not.toBe(old);
  for (const [cookie, status] of [
    [old, 401],
    [elsewhere.cookie, 401],
    [bob.cookie, 200],
  ] as const)
    expect((await openBrowser(api.url, cookie).get('/session')).status).toBe(status);
});

test('an administrator helps who has lost everything', async () => {
  expect((await api.admin.delete(`/users/${ada.id}/two-factor`)).status).toBe(204);
  expect((await signIn()).body).toMatchObject({ user: { twoFactor: false } });
});

test('SEC10 the secret is sealed for its user, and moves to a new master key', async () => {
  const row = await api.db
    .selectFrom('auth.user')
    .selectAll()
    .where('id', '=', ada.id)
    .executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(secret);
  expect(Buffer.concat([row.totp_ciphertext!, row.totp_wrapped_key!]).includes(secret)).toBe(false);
  const { Secret, secretKeyId } = await import('@tocsin/service-kit');
  const { SECRET_KEY } = await import('../testing/api.fixture.js');
  const [old, present] = [new Secret(SECRET_KEY), new Secret(Buffer.alloc(32, 9).toString('base64'))];
  const presentId = secretKeyId(present);
  expect(await rewrapTwoFactor(api.db, { present, all: [present, old] }, presentId)).toBeGreaterThan(0);
  expect(await rewrapTwoFactor(api.db, { present, all: [present, old] }, presentId)).toBe(0);
  expect(
    await rewrapTwoFactor(api.db, { present: old, all: [old, present] }, secretKeyId(old)),
  ).toBeGreaterThan(0);
  nowMs += STEP;
  expect((await signIn(codeNow())).status).toBe(200);
});
