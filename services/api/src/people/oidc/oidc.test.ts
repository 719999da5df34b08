import { freePort } from '@tocsin/local-stack';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../../testing/api.fixture.js';
import { signedIn } from '../../testing/browser.fixture.js';
import { type Issuer, type Somebody, startIssuer } from '../../testing/oidc.fixture.js';

const PUBLIC = 'http://localhost:3999';
const CALLBACK = `${PUBLIC}/api/v1/session/oidc/callback`;

let servers: Servers;
let issuer: Issuer;
const started: Api[] = [];
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  issuer = await startIssuer([CALLBACK]);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((api) => api.stop()));
});
afterAll(async () => {
  await issuer?.stop();
  await servers?.stop();
});

async function start(env: Record<string, string> = {}): Promise<Api> {
  const api = await startApi(servers, undefined, {
    TOCSIN_PUBLIC_URL: PUBLIC,
    TOCSIN_OIDC_ISSUER: issuer.url,
    TOCSIN_OIDC_CLIENT_ID: issuer.client.id,
    TOCSIN_OIDC_CLIENT_SECRET: issuer.client.secret,
    TOCSIN_OIDC_NAME: 'Works',
    ...env,
  });
  started.push(api);
  return api;
}

interface Step {
  readonly location: string;
  readonly cookies: string;
  readonly status: number;
}

/** A step of a browser, which has the cookies it is given. */
async function go(api: Api, path: string, cookies = ''): Promise<Step> {
  const response = await fetch(api.url + path, {
    redirect: 'manual',
    headers: cookies === '' ? {} : { cookie: cookies },
  });
  const kept = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  return {
    location: response.headers.get('location') ?? '',
    cookies: kept.join('; '),
    status: response.status,
  };
}

const backAt = (api: Api, location: string, cookies: string) =>
  go(api, location.slice(PUBLIC.length), cookies);

/** All of it: away, in there, and back. */
async function signInAs(api: Api, somebody: Somebody, returnTo = '/monitors') {
  issuer.somebody = somebody;
  const away = await go(api, `/api/v1/session/oidc?returnTo=${encodeURIComponent(returnTo)}`);
  expect(away.status).toBe(302);
  const back = await backAt(api, await issuer.visit(away.location), away.cookies);
  expect(back.status).toBe(302);
  const cookie = /(?:^|; )(tocsin=[\w-]{32})/.exec(back.cookies)?.[1] ?? '';
  const answer = await fetch(`${api.url}/api/v1/session`, { headers: { cookie } });
  const body = (await answer.json()) as {
    user?: { id: string; email: string; role: string; hasPassword: boolean };
  };
  return { location: back.location, cookie, user: body.user };
}

let counter = 0;
const person = (more: Partial<Somebody> = {}): Somebody => {
  counter++;
  return {
    sub: `sub-${counter}`,
    email: `p${counter}@example.com`,
    email_verified: true,
    name: `P ${counter}`,
    ...more,
  };
};

test('somebody signs in elsewhere, is made here, and is the same the next time', async () => {
  const api = await start();
  expect((await (await fetch(`${api.url}/api/v1/setup`)).json()) as object).toMatchObject({
    oidc: { name: 'Works' },
  });
  const ada = person();
  const first = await signInAs(api, ada, '/alerts?open=true');
  expect(first.location).toBe('/alerts?open=true');
  expect(first.user).toMatchObject({ email: ada.email, name: ada.name, role: 'viewer', hasPassword: false });
  const second = await signInAs(api, { ...ada, email: 'moved@example.com' });
  expect(second.user).toMatchObject({ id: first.user?.id, email: ada.email });
});

test('the request away is bound to this browser: code, PKCE, state and nonce', async () => {
  const api = await start();
  const { location, cookies } = await go(api, '/api/v1/session/oidc');
  const { searchParams } = new URL(location);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'tocsin',
    redirect_uri: CALLBACK,
    code_challenge_method: 'S256',
    scope: 'openid email profile',
  });
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect(searchParams.get(name)?.length).toBeGreaterThanOrEqual(43);
  for (const name of ['state', 'nonce']) expect(cookies).not.toContain(searchParams.get(name));
});

test('what comes back to another browser, is changed, or comes twice, signs nobody in', async () => {
  const api = await start();
  const failed = expect.objectContaining({ location: '/sign-in?problem=oidc_failed' });
  issuer.somebody = person();
  const [mine, theirs] = [await go(api, '/api/v1/session/oidc'), await go(api, '/api/v1/session/oidc')];
  const location = await issuer.visit(mine.location);
  expect(await backAt(api, location, '')).toEqual(failed);
  expect(await backAt(api, location, theirs.cookies)).toEqual(failed);
  expect(await backAt(api, location, 'tocsin-oidc=x.y.z')).toEqual(failed);
  expect(await backAt(api, location.replace('state=', 'state=x'), mine.cookies)).toEqual(failed);
  expect(await backAt(api, location.replace('code=', 'code=x'), mine.cookies)).toEqual(failed);
  expect(await backAt(api, location, mine.cookies)).toMatchObject({ location: '/' });
  expect(await backAt(api, location, mine.cookies)).toEqual(failed);
  const denied = `${CALLBACK}?error=access_denied&state=${new URL(mine.location).searchParams.get('state')}`;
  expect(await backAt(api, denied, mine.cookies)).toEqual(failed);
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example/', '/a b', 'javascript:alert(1)', 'x'])(
  'nobody is sent on to %s',
  async (returnTo) => {
    const api = await start();
    expect((await signInAs(api, person(), returnTo)).location).toBe('/');
  },
);

test('roles may be given there, and are taken from there each time', async () => {
  const api = await start({ TOCSIN_OIDC_ROLE_CLAIM: 'roles' });
  await signedIn(api, 'admin');
  const ada = person({ roles: ['staff', 'editor', 'viewer'] });
  const first = await signInAs(api, ada);
  expect(first.user).toMatchObject({ role: 'editor' });
  expect((await signInAs(api, { ...ada, roles: ['admin'] })).user).toMatchObject({ role: 'admin' });
  // What was begun in the former role is over.
  const old = await fetch(`${api.url}/api/v1/session`, { headers: { cookie: first.cookie } });
  expect(old.status).toBe(401);
  expect((await signInAs(api, { ...ada, roles: ['nothing of ours'] })).user).toMatchObject({
    role: 'viewer',
  });
  expect((await signInAs(api, person())).user).toMatchObject({ role: 'viewer' });
});

test('without such a claim roles are given here', async () => {
  const api = await start();
  const ada = person({ roles: ['admin'] });
  const { user } = await signInAs(api, ada);
  expect(user?.role).toBe('viewer');
  await api.admin.patch(`/users/${user?.id}`, { role: 'editor' });
  expect((await signInAs(api, ada)).user).toMatchObject({ role: 'editor' });
});

test('a user of ours is recognised by an address that is verified there, and by no other', async () => {
  const api = await start();
  const ada = await signedIn(api, 'editor');
  const thief = { sub: 'thief', email: ada.email.toUpperCase(), email_verified: false };
  expect(await signInAs(api, thief)).toMatchObject({
    location: '/sign-in?problem=email_not_verified',
    user: undefined,
  });
  const known = await signInAs(api, { sub: 'ada', email: ada.email, email_verified: true });
  expect(known.user).toMatchObject({ id: ada.id, role: 'editor', hasPassword: true });
  const other = { sub: 'another', email: ada.email, email_verified: true };
  expect(await signInAs(api, other)).toMatchObject({ location: '/sign-in?problem=not_allowed' });
});

test('who may come in can be limited to domains, and to those who are known', async () => {
  const api = await start({ TOCSIN_OIDC_DOMAINS: 'works.example, @other.example' });
  const at = (email: string, verified = true) => signInAs(api, person({ email, email_verified: verified }));
  expect((await at('a@works.example')).user).toBeDefined();
  expect((await at('a@OTHER.example')).user).toBeDefined();
  expect(await at('a@evil.example')).toMatchObject({ location: '/sign-in?problem=not_allowed' });
  expect(await at('a@notworks.example')).toMatchObject({ location: '/sign-in?problem=not_allowed' });
  expect(await at('b@works.example', false)).toMatchObject({
    location: '/sign-in?problem=email_not_verified',
  });
  const closed = await start({ TOCSIN_OIDC_CREATE: 'off' });
  expect(await signInAs(closed, person())).toMatchObject({ location: '/sign-in?problem=not_allowed' });
});

test('who is disabled here stays out', async () => {
  const api = await start();
  const ada = person();
  const { user, cookie } = await signInAs(api, ada);
  await api.admin.patch(`/users/${user?.id}`, { disabled: true });
  expect((await fetch(`${api.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
  expect(await signInAs(api, ada)).toMatchObject({ location: '/sign-in?problem=disabled', cookie: '' });
});

test('an issuer that is away keeps nobody from signing in with a password, nor the service from starting', async () => {
  const api = await start({ TOCSIN_OIDC_ISSUER: `http://127.0.0.1:${await freePort()}` });
  expect(await go(api, '/api/v1/session/oidc')).toMatchObject({
    location: '/sign-in?problem=oidc_unavailable',
  });
  expect((await signedIn(api, 'viewer')).cookie).not.toBe('');
});

test('without an issuer there is nothing to go to', async () => {
  const api = await startApi(servers);
  started.push(api);
  expect((await go(api, '/api/v1/session/oidc')).status).toBe(404);
  expect((await go(api, '/api/v1/session/oidc/callback?code=x&state=y')).status).toBe(404);
});

test('SEC11 the secret of the client is in no line of the log', async () => {
  const api = await start();
  await signInAs(api, person());
  expect(api.lines.join('')).not.toContain(issuer.client.secret);
});
