import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { configEvents, createJob, createTest, foreigner, script } from '../testing/given.fixture.js';

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

const scenario = {
  steps: [{ name: 'home', url: 'http://127.0.0.1/', assert: [{ that: 'status', is: '2xx' }] }],
};

test('a test is kept with its versions, and each is an event with the whole of it', async () => {
  const created = await api.admin.post('/tests', { ...script, tags: ['shop'] });
  expect(created.status).toBe(201);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toMatchObject({
    ...script,
    definition: { ...script.definition, timeoutSeconds: 300 },
    tags: ['shop'],
    revision: 1,
  });
  const { id } = created;
  const patched = await api.admin.patch(`/tests/${id}`, { definition: { timeoutSeconds: 60 } });
  expect(patched.body).toMatchObject({
    definition: { ...script.definition, timeoutSeconds: 60 },
    revision: 2,
  });
  const replaced = await api.admin.put(`/tests/${id}`, { ...script, name: 'renamed' });
  expect(replaced.body).toMatchObject({ name: 'renamed', tags: [], revision: 3 });
  const same = await api.admin.put(`/tests/${id}`, { ...script, name: 'renamed' });
  expect(same.body).toMatchObject({ revision: 3 });

  expect(await configEvents(api, id)).toMatchObject([
    { testId: id, revision: 1, kind: 'browser', definition: { timeoutSeconds: 300 } },
    { revision: 2, name: 'checkout', definition: { ...script.definition, timeoutSeconds: 60 } },
    { revision: 3, name: 'renamed', definition: { timeoutSeconds: 300 } },
  ]);
  const first = await api.admin.get(`/tests/${id}/versions?limit=2`);
  expect(first.body.items).toMatchObject([
    { revision: 3, name: 'renamed', changedBy: 'first administrator' },
    { revision: 2, name: 'checkout', definition: { timeoutSeconds: 60 } },
  ]);
  const rest = await api.admin.get(`/tests/${id}/versions?cursor=${textAt(first.body, 'nextCursor')}`);
  expect(rest.body).toMatchObject({ items: [{ revision: 1 }], nextCursor: null });
});

test('two who change a test at once do not overwrite each other, and its kind stays', async () => {
  const id = await createTest(api);
  const stale = { 'if-match': '"1"' };
  expect((await api.admin.patch(`/tests/${id}`, { name: 'a' }, stale)).status).toBe(200);
  expect((await api.admin.patch(`/tests/${id}`, { name: 'b' }, stale)).body).toMatchObject({
    code: 'precondition_failed',
  });
  const other = await api.admin.put(`/tests/${id}`, { name: 'c', kind: 'api', definition: scenario });
  expect(other.body).toMatchObject({ status: 400, errors: [{ field: 'kind' }] });
});

test('tests are listed by kind, tag and name, a page at a time', async () => {
  const made = [
    await createTest(api, { name: 'Alpha', tags: ['listed'] }),
    await createTest(api, { name: 'beta', tags: ['listed'], kind: 'api', definition: scenario }),
    await createTest(api, { name: 'gamma', tags: ['listed', 'x'] }),
  ];
  const ids = async (query: string) => {
    const { body } = await api.admin.get(`/tests?${query}`);
    return (body.items as { id: string }[]).map(({ id }) => made.indexOf(id));
  };
  expect(await ids('tag=listed')).toEqual([0, 1, 2]);
  expect(await ids('tag=x')).toEqual([2]);
  expect(await ids('tag=listed&kind=api')).toEqual([1]);
  expect(await ids('search=ALPH')).toEqual([0]);
  const { body } = await api.admin.get('/tests?tag=listed&limit=1');
  expect(await ids(`tag=listed&cursor=${textAt(body, 'nextCursor')}`)).toEqual([1, 2]);
});

test('a test that is used stays, unless it is taken out of its jobs by force', async () => {
  const [one, two] = [await createTest(api), await createTest(api)];
  const both = (await api.admin.post('/jobs', { name: 'both', tests: [one, two], cron: '0 3 * * *' })).id;
  const only = (await api.admin.post('/jobs', { name: 'only', tests: [one], cron: '0 3 * * *' })).id;
  expect((await api.admin.get(`/tests/${one}/usage`)).body).toEqual({
    jobs: [
      { id: both, name: 'both' },
      { id: only, name: 'only' },
    ],
    monitors: [],
  });
  const refused = await api.admin.delete(`/tests/${one}`);
  expect(refused.body).toMatchObject({ status: 409, code: 'test_in_use', title: 'Test in use' });
  expect(refused.body.detail).toContain('job "both", job "only"');

  expect((await api.admin.delete(`/tests/${one}?force=true`)).status).toBe(204);
  expect((await api.admin.get(`/tests/${one}`)).status).toBe(404);
  expect((await api.admin.get(`/jobs/${both}`)).body).toMatchObject({
    tests: [two],
    cron: '0 3 * * *',
    revision: 2,
  });
  const left = (await api.admin.get(`/jobs/${only}`)).body;
  expect(left).toMatchObject({ tests: [], nextRuns: [], revision: 2 });
  expect(left).not.toHaveProperty('cron');
  expect((await configEvents(api, only)).at(-1)).toMatchObject({ tests: [], revision: 2 });
  expect((await configEvents(api, one)).at(-1)).toMatchObject({ testId: one, revision: 2 });
});

test('a monitor is never left without its test, and runs none that does not exist', async () => {
  const id = await createTest(api);
  const monitor = (testId: string) => ({ name: 'shop', type: 'synthetic_test', config: { testId } });
  const foreign = await (await foreigner(api)).post('/tests', script);
  for (const nobodys of ['0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8', foreign.id])
    expect((await api.admin.post('/monitors', monitor(nobodys))).body).toMatchObject({
      status: 400,
      errors: [{ field: 'config.testId' }],
    });
  const created = await api.admin.post('/monitors', monitor(id));
  expect(created.body).toMatchObject({ config: { testId: id, timeoutSeconds: 120 } });
  expect((await api.admin.get(`/tests/${id}/usage`)).body).toMatchObject({
    monitors: [{ id: created.id, name: 'shop' }],
  });
  const refused = await api.admin.delete(`/tests/${id}?force=true`);
  expect(refused.body).toMatchObject({ status: 409, code: 'test_in_use' });
  expect(refused.body.detail).toContain('monitor "shop": delete the monitor');
  expect((await api.admin.delete(`/monitors/${created.id}`)).status).toBe(204);
  expect((await api.admin.delete(`/tests/${id}`)).status).toBe(204);
});

test('a job that takes up a test while it is deleted has it or is refused, never half of it', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await createTest(api);
    const [job, deleted] = await Promise.all([
      api.admin.post('/jobs', { name: 'j', tests: [id] }),
      api.admin.delete(`/tests/${id}`),
    ]);
    expect([`${job.status} ${deleted.status}`]).toContainEqual(expect.stringMatching(/^(201 409|400 204)$/));
  }
});

test('what belongs to another project does not exist', async () => {
  const id = await createTest(api);
  const other = await foreigner(api);
  expect((await other.get('/tests')).body.items).not.toContainEqual(expect.objectContaining({ id }));
  for (const answer of [
    await other.get(`/tests/${id}`),
    await other.get(`/tests/${id}/versions`),
    await other.get(`/tests/${id}/usage`),
    await other.patch(`/tests/${id}`, { name: 'x' }),
    await other.put(`/tests/${id}`, script),
    await other.delete(`/tests/${id}?force=true`),
  ])
    expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
  const job = await other.post('/jobs', { name: 'j', tests: [id] });
  expect(job.body).toMatchObject({ status: 400, errors: [{ field: 'tests.0' }] });
  const mine = await createJob(api);
  expect((await other.get(`/jobs/${mine}/keys`)).status).toBe(404);
});

test('a definition is small enough to be told to an executor', async () => {
  const id = await createTest(api, { kind: 'api', definition: scenario });
  const steps = (length: number) =>
    Array.from({ length }, (_, at) => ({
      name: `s${at}`,
      method: 'POST',
      url: 'http://a/',
      body: 'é'.repeat(49_000),
    }));
  expect((await api.admin.patch(`/tests/${id}`, { definition: { steps: steps(2) } })).status).toBe(200);
  const refused = await api.admin.patch(`/tests/${id}`, {
    definition: {
      variables: Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`v${at}`, 'é'.repeat(4000)])),
    },
  });
  expect(refused.body).toMatchObject({ status: 400, errors: [{ field: 'definition' }] });
});
