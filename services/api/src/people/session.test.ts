import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { openBrowser, PASSWORD } from '../testing/browser.fixture.js';

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

const ada = { email: 'Ada@Example.com', name: 'Ada', password: PASSWORD };

test('the first start asks for the first administrator, who is signed in, out and in again', async () => {
  const browser = openBrowser(api.url);
  expect((await browser.get('/setup')).body).toEqual({ required: true, codeRequired: false, oidc: null });
  expect((await browser.get('/session')).body).toMatchObject({ status: 401, code: 'unauthorized' });
  expect((await browser.post('/setup', ada)).body).toMatchObject({
    user: { role: 'admin', twoFactor: false },
  });
  expect((await browser.get('/setup')).body).toMatchObject({ required: false });
  expect((await browser.get('/session')).body).toMatchObject({
    user: { email: 'Ada@Example.com', name: 'Ada' },
  });
  expect((await browser.post('/monitors', { name: 'm', type: 'heartbeat' })).status).toBe(201);
  expect((await browser.delete('/session')).status).toBe(204);
  expect(browser.cookie).toBe('');
  expect((await browser.signIn('ada@example.com')).status).toBe(200);
  expect((await browser.get('/monitors')).status).toBe(200);
});
