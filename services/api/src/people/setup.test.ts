import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { openBrowser, PASSWORD, signedIn } from '../testing/browser.fixture.js';

let servers: Servers;
const started: Api[] = [];
beforeEach(async () => {
  servers = await startServers(inject('pgUrl'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((api) => api.stop()));
  await servers?.stop();
});

async function start(env: Record<string, string> = {}): Promise<Api> {
  const api = await startApi(servers, undefined, env);
  started.push(api);
  return api;
}

const ada = { email: 'ada@example.com', name: 'Ada', password: PASSWORD };
const setUp = (api: Api, headers: Record<string, string> = {}, more: object = {}) =>
  openBrowser(api.url).send('POST', '/setup', { ...ada, ...more }, headers);
const people = async (api: Api) => await api.db.selectFrom('auth.user').selectAll().execute();

test('of many who set up at once, on any replica, exactly one is the first administrator', async () => {
  const [first, second, third] = [await start(), await start(), await start()];
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      setUp([first, second, third][at % 3] ?? first, {}, { email: `a${at}@example.com` }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    201,
    ...Array.from({ length: 11 }, () => 409),
  ]);
  expect(await people(first)).toHaveLength(1);
  expect((await setUp(second)).body).toMatchObject({ status: 409, code: 'conflict' });
  expect((await openBrowser(third.url).get('/setup')).body).toMatchObject({ required: false });
});

test.each([
  ['a proxy that says so', { 'x-forwarded-for': '203.0.113.9' }, {}],
  ['a proxy that says so in its own way', { via: '1.1 proxy' }, {}],
  ['an address that is public', {}, { TOCSIN_PUBLIC_URL: 'https://tocsin.example.com' }],
])('through %s the first administrator needs the token that the start wrote', async (_, headers, env) => {
  const api = await start(env);
  const answer = await openBrowser(api.url).send('GET', '/setup', undefined, headers);
  expect(answer.body).toMatchObject({ required: true, codeRequired: true });
  expect((await setUp(api, headers)).body).toMatchObject({ status: 401, errors: [{ field: 'code' }] });
  expect((await setUp(api, headers, { code: 'tocsin_guess' })).status).toBe(401);
  expect(await people(api)).toEqual([]);
  expect((await setUp(api, headers, { code: api.admin.token })).status).toBe(201);
});

test('the token may come as any token does', async () => {
  const api = await start({ TOCSIN_PUBLIC_URL: 'http://localhost' });
  const headers = { authorization: `Bearer ${api.admin.token}`, via: '1.1 proxy' };
  expect((await setUp(api, headers)).status).toBe(201);
});

test("a reader's token sets nothing up", async () => {
  const api = await start();
  const { body } = await api.admin.post('/tokens', { name: 'r', scopes: ['write'] });
  expect((await setUp(api, { via: '1.1 proxy' }, { code: body.token })).status).toBe(401);
});

test('guesses at the token are counted', async () => {
  const api = await start();
  const statuses: number[] = [];
  for (let at = 0; at < 12; at++)
    statuses.push((await setUp(api, { via: '1.1 proxy' }, { code: `tocsin_${at}` })).status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(2);
});

test.each([
  ['too short', { password: 'short 1!' }, 'password'],
  ['the address itself', { password: 'ADA@example.com' }, 'password'],
  ['one of the commonest', { password: 'Password123' }, 'password'],
  ['one character', { password: 'aaaaaaaaaaaa' }, 'password'],
  ['too long', { password: 'x1y2'.repeat(40) }, 'password'],
  ['no address', { email: 'ada' }, 'email'],
])('a password or address that is %s is refused by name', async (_, wrong, field) => {
  const api = await start();
  expect((await setUp(api, {}, wrong)).body).toMatchObject({ status: 400, errors: [{ field }] });
  expect(await people(api)).toEqual([]);
});

test('the environment may name the first administrator, who is made once', async () => {
  const env = { TOCSIN_ADMIN_EMAIL: 'Root@Example.com', TOCSIN_ADMIN_PASSWORD: PASSWORD };
  const [first] = await Promise.all([start(env), start(env)]);
  expect(await people(first)).toHaveLength(1);
  const browser = openBrowser(first.url);
  expect((await browser.signIn('root@example.com')).body).toMatchObject({ user: { role: 'admin' } });
  await browser.post('/session/password', { current: PASSWORD, next: 'another long one 8' });
  const again = await start(env);
  expect((await openBrowser(again.url).signIn('root@example.com')).status).toBe(401);
  expect(again.lines.join('')).not.toContain(PASSWORD);
});

test('a user who is no administrator does not close the door on the first one', async () => {
  const api = await start();
  await signedIn(api, 'viewer');
  expect((await openBrowser(api.url).get('/setup')).body).toMatchObject({ required: true });
});
