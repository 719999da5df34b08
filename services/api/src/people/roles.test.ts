import { routes } from '@tocsin/http-api';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { type Browser, openBrowser, PASSWORD, signedIn } from '../testing/browser.fixture.js';
import { textAt } from '../testing/client.fixture.js';

let servers: Servers;
let api: Api;
const browsers = {} as Record<'viewer' | 'editor' | 'admin' | 'none' | 'newcomer', Browser>;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  for (const role of ['viewer', 'editor', 'admin'] as const) browsers[role] = await signedIn(api, role);
  browsers.none = openBrowser(api.url);
  const { body } = await api.admin.post('/users', { email: 'new@example.com', name: 'n', role: 'admin' });
  browsers.newcomer = openBrowser(api.url);
  await browsers.newcomer.signIn('new@example.com', textAt(body, 'password'));
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const UNKNOWN = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';
const ALLOWED = {
  read: ['viewer', 'editor', 'admin'],
  write: ['editor', 'admin'],
  admin: ['admin'],
  session: ['viewer', 'editor', 'admin', 'newcomer'],
} as const;
const guarded = routes.flatMap((route) =>
  route.scope === 'none' || route.scope === 'key' ? [] : [[route.name, route, ALLOWED[route.scope]] as const],
);
/** What would end the session that the next row needs, or never ends by itself; each has tests of its own. */
const NOT_HERE = new Set(['signOut', 'endOtherSessions', 'streamEvents', 'streamRunOutput']);

test.each(guarded)(
  'SEC15 %s: each role, nobody, and who has a password of somebody else',
  async (name, route, allowed) => {
    for (const [who, browser] of Object.entries(browsers)) {
      const isAllowed = (allowed as readonly string[]).includes(who);
      if (isAllowed && NOT_HERE.has(name)) continue;
      // A question that no route knows: who may ask is refused for it, and nothing happens.
      const path = `${route.path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, UNKNOWN)}?nonsense=1`;
      const body = route.body === undefined || route.method === 'get' ? undefined : {};
      const answer = await browser.send(route.method.toUpperCase(), path, body);
      const expected = isAllowed ? 400 : who === 'none' ? 401 : 403;
      expect([who, answer.status, answer.body.code]).toEqual([
        who,
        expected,
        isAllowed
          ? 'validation_failed'
          : who === 'none'
            ? 'unauthorized'
            : who === 'newcomer'
              ? 'password_change_required'
              : 'forbidden',
      ]);
    }
  },
);

test('SEC15 streams are for who is signed in alone', async () => {
  expect((await browsers.none.get('/events')).status).toBe(401);
  expect((await browsers.newcomer.get('/events')).status).toBe(403);
  const answer = await fetch(`${api.url}/api/v1/events`, { headers: { cookie: browsers.viewer.cookie } });
  expect(answer.status).toBe(200);
  await answer.body?.cancel();
});

test.each([
  ['role', { name: 'x', role: 'admin', password_hash: 'x' }],
  ['id', { id: UNKNOWN }],
  ['project', { project: 'other' }],
  ['email', { email: 'x@example.com' }],
])('SEC15 %s and the like cannot be slipped in', async (_, extra) => {
  const { id } = await api.admin.post('/users', {
    email: `${Math.random()}@example.com`,
    name: 'n',
    role: 'viewer',
    password: PASSWORD,
  });
  expect((await browsers.admin.patch(`/users/${id}`, extra)).status).toBe(400);
  expect((await api.admin.get(`/users/${id}`)).body).toMatchObject({ role: 'viewer' });
});
