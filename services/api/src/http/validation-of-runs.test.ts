import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';

let servers: Servers;
let api: Api;
let jobId: string;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  jobId = (await api.admin.post('/jobs', { name: 'j' })).id;
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const UNKNOWN = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';
const step = { name: 's', url: 'http://127.0.0.1/' };
test.each([
  [{ kind: 'shell' }, 'kind'],
  [{ definition: {} }, 'definition.steps'],
  [{ definition: { steps: [] } }, 'definition.steps'],
  [{ definition: { steps: [{ ...step, method: 'BREW' }] } }, 'definition.steps.0.method'],
  [{ definition: { steps: [{ ...step, script: 'x' }] } }, 'definition.steps.0.script'],
  [
    { definition: { steps: [step, { ...step, extract: [{ from: 'json', path: '$[', as: 'A' }] }] } },
    'definition.steps.1.extract.0.path',
  ],
  [
    { definition: { steps: [{ ...step, assert: [{ that: 'json', path: '$.a', is: 'equal' }] }] } },
    'definition.steps.0.assert.0.value',
  ],
  [
    { definition: { steps: [{ ...step, assert: [{ that: 'status', is: 'fine' }] }] } },
    'definition.steps.0.assert.0.is',
  ],
  [{ definition: { script: 'x' } }, 'definition.script'],
])('a scenario with %j is refused by name', async (wrong, field) => {
  const right = { name: 't', kind: 'api', definition: { steps: [step] } };
  expect((await api.admin.post('/tests', right)).status).toBe(201);
  const { body } = await api.admin.post('/tests', { ...right, ...wrong });
  expect(body).toMatchObject({ status: 400, code: 'validation_failed' });
  expect((body.errors as { field: string }[]).map((one) => one.field)).toContain(field);
});

test.each([
  [{ tests: ['x'] }, 'tests.0'],
  [{ tests: [UNKNOWN, UNKNOWN] }, 'tests'],
  [{ cron: '* * *' }, 'cron'],
  [{ cron: '61 * * * *' }, 'cron'],
  [{ cron: '0 0 31 2 *' }, 'cron'],
  [{ cron: '* * * * *' }, 'tests'],
  [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
  [{ retries: 6 }, 'retries'],
  [{ allowOverlap: 'yes' }, 'allowOverlap'],
  [{ location: 'a.b' }, 'location'],
])('a job with %j is refused by name', async (wrong, field) => {
  const { body } = await api.admin.post('/jobs', { name: 'j', ...wrong });
  expect(body).toMatchObject({ status: 400, code: 'validation_failed' });
  expect((body.errors as { field: string }[]).map((one) => one.field)).toContain(field);
});

test.each([
  [{ name: 'lower' }, 'name'],
  [{ name: 'NODE_OPTIONS' }, 'name'],
  [{ name: 'PATH' }, 'name'],
  [{ value: '' }, 'value'],
  [{ value: 'x'.repeat(4001) }, 'value'],
  [{ secret: 'yes' }, 'secret'],
])('a variable with %j is refused by name', async (wrong, field) => {
  const { body } = await api.admin.post('/variables', { name: 'A', value: 'v', ...wrong });
  expect(body).toMatchObject({ status: 400, errors: [{ field }] });
});

test.each([
  [{ limit: 0 }, 'limit'],
  [{ perSeconds: 86_401 }, 'perSeconds'],
  [{ expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
])('a key with %j is refused by name', async (wrong, field) => {
  const { body } = await api.admin.post(`/jobs/${jobId}/keys`, { name: 'k', ...wrong });
  expect(body).toMatchObject({ status: 400, errors: [{ field }] });
});
