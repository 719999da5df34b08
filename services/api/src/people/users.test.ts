import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { openBrowser, PASSWORD, signedIn } from '../testing/browser.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { foreigner } from '../testing/given.fixture.js';

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

const UNKNOWN = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';

test('the last administrator stays, whatever several of them do at once', async () => {
  const admins = [await signedIn(api, 'admin'), await signedIn(api, 'admin')];
  const [one, two] = admins as [(typeof admins)[0], (typeof admins)[0]];
  const answers = await Promise.all([
    api.admin.patch(`/users/${one.id}`, { role: 'viewer' }),
    api.admin.patch(`/users/${two.id}`, { disabled: true }),
    api.admin.delete(`/users/${one.id}`),
    api.admin.delete(`/users/${two.id}`),
  ]);
  expect(answers.some(({ status }) => status === 409)).toBe(true);
  const rows = await api.db
    .selectFrom('auth.user')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .execute();
  expect(rows).toHaveLength(1);
  const [last] = rows;
  for (const change of [{ role: 'editor' }, { disabled: true }])
    expect((await api.admin.patch(`/users/${last?.id}`, change)).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
  expect((await api.admin.delete(`/users/${last?.id}`)).status).toBe(409);
  expect((await api.admin.patch(`/users/${last?.id}`, { name: 'The Last' })).body).toMatchObject({
    role: 'admin',
  });
});

test('who is made without a password has one that is shown once and good for choosing another', async () => {
  const input = { email: 'once@example.com', name: 'Once', role: 'editor' };
  const made = await api.admin.post('/users', input, { 'idempotency-key': 'once' });
  const password = textAt(made.body, 'password');
  expect(password).toMatch(/^(\w{4}-){4}\w{4}$/);
  expect((await api.admin.post('/users', input, { 'idempotency-key': 'once' })).body).toEqual(made.body);
  expect((await api.admin.get(`/users/${made.id}`)).text).not.toContain(password);
  const browser = openBrowser(api.url);
  expect((await browser.signIn(input.email, password)).status).toBe(200);
  expect((await browser.post('/session/password', { current: password, next: password })).status).toBe(400);
  expect((await browser.post('/session/password', { current: password, next: PASSWORD })).body).toMatchObject(
    {
      user: { passwordIsTemporary: false },
    },
  );
  expect((await browser.post('/jobs', { name: 'j' })).status).toBe(201);
});

test('an address is one person, however it is written', async () => {
  const user = { name: 'x', role: 'viewer', password: PASSWORD };
  expect((await api.admin.post('/users', { ...user, email: 'Bob@Example.com' })).body).toMatchObject({
    email: 'Bob@Example.com',
    password: null,
    passwordIsTemporary: false,
  });
  const twice = await Promise.all([
    api.admin.post('/users', { ...user, email: 'bob@example.com' }),
    api.admin.post('/users', { ...user, email: ' BOB@EXAMPLE.COM' }),
  ]);
  for (const { body } of twice) expect(body.status === 409 || body.status === 400).toBe(true);
  expect((await openBrowser(api.url).signIn('  bOB@example.com ')).status).toBe(200);
});

test('users are listed in pages', async () => {
  for (let at = 0; at < 3; at++) await signedIn(api, 'viewer');
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await api.admin.get(`/users?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
    cursor = body.nextCursor as string | null;
  }
  const rows = await api.db.selectFrom('auth.user').select('id').orderBy('id').execute();
  expect(seen).toEqual(rows.map(({ id }) => id));
});

test('SEC15 users of another project do not exist', async () => {
  const { id } = await signedIn(api, 'viewer');
  const other = await foreigner(api);
  expect((await other.get('/users')).body.items).toEqual([]);
  expect((await other.get('/audit')).body.items).toEqual([]);
  const answers = [
    await other.get(`/users/${id}`),
    await other.patch(`/users/${id}`, { role: 'admin' }),
    await other.post(`/users/${id}/password`),
    await other.delete(`/users/${id}/two-factor`),
    await other.delete(`/users/${id}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
});

test('of nobody nothing is found', async () => {
  expect((await api.admin.get(`/users/${UNKNOWN}`)).status).toBe(404);
  expect((await api.admin.post(`/users/${UNKNOWN}/password`)).status).toBe(404);
});
