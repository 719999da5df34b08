import { request } from 'node:http';
import { routes } from '@tocsin/http-api';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { openBrowser, PASSWORD, signedIn } from '../testing/browser.fixture.js';

const PUBLIC = 'https://tocsin.example.com';

let servers: Servers;
let api: Api;
let proxied: Api;
let admin: Awaited<ReturnType<typeof signedIn>>;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  proxied = await startApi(servers, undefined, {
    TOCSIN_PUBLIC_URL: PUBLIC,
    TOCSIN_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
  });
  admin = await signedIn(api, 'admin');
});
afterAll(async () => {
  await Promise.all([api?.stop(), proxied?.stop()]);
  await servers?.stop();
});

/** fetch decides about some headers itself. */
function raw(url: string, method: string, headers: Record<string, string>, body = ''): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sized = body === '' ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(url, { method, headers: sized, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text, cookie: answer.headers['set-cookie']?.[0] ?? '' }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly cookie: string;
}

const changing = routes.filter(
  ({ method, path, scope, tag }) =>
    method !== 'get' &&
    path.startsWith('/api/v1') &&
    scope !== 'key' &&
    (scope !== 'none' || tag === 'session' || tag === 'setup'),
);
const UNKNOWN = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';
const addressOf = (path: string) => path.replaceAll(/\{\w+\}/g, UNKNOWN);
const FOREIGN: readonly (readonly [string, (own: string) => Record<string, string>])[] = [
  ['another site', () => ({ origin: 'https://evil.example' })],
  ['another port', (own) => ({ origin: own.replace(/\d+$/, '1') })],
  ['another scheme', (own) => ({ origin: own.replace('http:', 'https:') })],
  ['a name that begins the same', (own) => ({ origin: `${own}.evil.example` })],
  ['a sandboxed frame', () => ({ origin: 'null' })],
  ['a referrer elsewhere', () => ({ referer: 'https://evil.example/page' })],
  ['another site that claims our page', (own) => ({ origin: 'https://evil.example', referer: `${own}/` })],
  ['nobody knows where', () => ({})],
];

test.each(changing.map((route) => [route.name, route] as const))(
  'SEC13 %s by a cookie is for pages of ours alone',
  async (_, { method, path }) => {
    for (const [, headersOf] of FOREIGN) {
      const headers = { cookie: admin.cookie, 'content-type': 'application/json', ...headersOf(api.url) };
      const { status, text } = await raw(api.url + addressOf(path), method.toUpperCase(), headers, '{}');
      expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([403, 'forbidden']);
    }
  },
);

test('SEC13 a page of ours is known by its origin, or else by its referrer', async () => {
  const send = (headers: Record<string, string>) =>
    raw(
      `${api.url}/api/v1/jobs`,
      'POST',
      { cookie: admin.cookie, 'content-type': 'application/json', ...headers },
      '{"name":"j"}',
    );
  expect((await send({ origin: api.url })).status).toBe(201);
  expect((await send({ referer: `${api.url}/jobs/new?x=1` })).status).toBe(201);
});

test('a token needs no page, and whatever cookies come with it are ignored', async () => {
  const viewer = await signedIn(api, 'viewer');
  const headers = { cookie: viewer.cookie, origin: 'https://evil.example' };
  expect((await api.admin.post('/jobs', { name: 'j' }, headers)).status).toBe(201);
  const bad = { ...headers, authorization: 'Bearer tocsin_none', cookie: admin.cookie };
  expect((await raw(`${api.url}/api/v1/jobs`, 'GET', bad)).status).toBe(401);
  expect((await raw(`${api.url}/api/v1/session`, 'GET', bad)).status).toBe(401);
});

test('what a browser adds for a proxy in between is neither a token nor a way round', async () => {
  const basic = { authorization: 'Basic YTpi', cookie: admin.cookie, 'content-type': 'application/json' };
  const send = (origin: string) =>
    raw(`${api.url}/api/v1/jobs`, 'POST', { ...basic, origin }, '{"name":"j"}');
  expect([(await send(api.url)).status, (await send('https://evil.example')).status]).toEqual([201, 403]);
  expect((await signIn(api, { authorization: 'Basic YTpi', origin: 'https://evil.example' })).status).toBe(
    403,
  );
});

const signIn = (target: Api, headers: Record<string, string>) =>
  raw(
    `${target.url}/api/v1/session`,
    'POST',
    { 'content-type': 'application/json', ...headers },
    JSON.stringify({ email: admin.email, password: PASSWORD }),
  );

test('on this machine the cookie has no need of TLS', async () => {
  const { cookie } = await signIn(api, { origin: api.url });
  expect(cookie).toMatch(/^tocsin=[\w-]{32}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
});

test('SEC13 under the public address the cookie is bound to this host and to TLS', async () => {
  const { status, cookie } = await signIn(proxied, { host: 'tocsin.example.com', origin: PUBLIC });
  expect(status).toBe(200);
  expect(cookie).toMatch(/^__Host-tocsin=[\w-]{32}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
  const [pair = ''] = cookie.split(';');
  const ask = (value: string) =>
    raw(`${proxied.url}/api/v1/session`, 'GET', { host: 'tocsin.example.com', cookie: value });
  expect((await ask(pair)).status).toBe(200);
  // A neighbour of this host can set the plain name, and never this one.
  expect((await ask(pair.replace('__Host-', ''))).status).toBe(401);
});

test('SEC13 over plain http from elsewhere nobody signs in, unless that is the public address', async () => {
  const host = 'tocsin.lan:3000';
  const refused = await signIn(api, { host, origin: `http://${host}` });
  expect([refused.status, refused.cookie]).toEqual([403, '']);
  expect(refused.text).toContain('TOCSIN_PUBLIC_URL=http://tocsin.lan:3000');
  const lan = await startApi(servers, undefined, { TOCSIN_PUBLIC_URL: `http://${host}` });
  expect((await signIn(lan, { host, origin: `http://${host}` })).cookie).toMatch(/^tocsin=/);
  await lan.stop();
});

test('a proxy that is trusted may say that there was TLS, and any other may not', async () => {
  const host = 'other.example.com';
  const headers = { host, origin: `https://${host}`, 'x-forwarded-proto': 'https' };
  expect((await signIn(proxied, headers)).cookie).toMatch(/^__Host-tocsin=/);
  expect((await signIn(api, headers)).status).toBe(403);
});

test('SEC14 where somebody comes from is what the last proxy that is trusted says', async () => {
  const networkSeen = async (target: Api, forwarded: string) => {
    const browser = openBrowser(target.url);
    const answer = await browser.send(
      'POST',
      '/session',
      { email: admin.email, password: PASSWORD },
      { 'x-forwarded-for': forwarded },
    );
    expect(answer.status).toBe(200);
    const { body } = await browser.get('/sessions');
    return (body.items as { current: boolean; network: string }[]).find(({ current }) => current)?.network;
  };
  expect(await networkSeen(proxied, '203.0.113.9')).toBe('203.0.113.9');
  expect(await networkSeen(proxied, '198.51.100.1, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9');
  expect(await networkSeen(proxied, '203.0.113.9, not-an-address')).toBe('127.0.0.1');
  expect(await networkSeen(proxied, '[2001:db8::1]:443')).toBe('2001:db8::1');
  expect(await networkSeen(api, '203.0.113.9')).toBe('127.0.0.1');
});
