import { requests } from '@tocsin/contracts';
import { connectNats, createLogger, type NatsHandle } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { createJob, createTest, foreigner, script } from '../testing/given.fixture.js';

const CANARY = 'canary-5e1b77';
let servers: Servers;
let api: Api;
let executor: NatsHandle;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  executor = connectNats({
    url: servers.natsUrl,
    name: 'executor',
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
});
afterAll(async () => {
  await api?.stop();
  await executor?.close();
  await servers?.stop();
});

async function ask(question: unknown): Promise<unknown> {
  const nc = await executor.connection();
  return (await nc.request(requests.testMaterial, JSON.stringify(question), { timeout: 2000 })).json();
}

test('an executor is told the test as it is now, with the variables and secrets of its project', async () => {
  const testId = await createTest(api);
  await api.admin.post('/variables', { name: 'HOST', value: 'shop.example' });
  const { id: secretId } = await api.admin.post('/variables', { name: 'TOKEN', value: CANARY, secret: true });
  const theirs = await (await foreigner(api)).post('/variables', { name: 'THEIRS', value: 'x' });
  expect(theirs.status).toBe(201);
  const question = { project: 'default', testId };
  expect(await ask(question)).toEqual({
    test: {
      id: testId,
      revision: 1,
      name: script.name,
      kind: 'browser',
      definition: { ...script.definition, timeoutSeconds: 300 },
    },
    variables: { HOST: 'shop.example' },
    secrets: { TOKEN: CANARY },
  });
  await api.admin.patch(`/variables/${secretId}`, { value: `${CANARY}-2` });
  await api.admin.patch(`/tests/${testId}`, { name: 'later' });
  expect(await ask(question)).toMatchObject({
    test: { revision: 2, name: 'later' },
    secrets: { TOKEN: `${CANARY}-2` },
  });
});

test('a run that was cancelled is told so, whoever asked for it', async () => {
  const testId = await createTest(api);
  const jobId = await createJob(api, { tests: [testId] });
  const { body } = await api.admin.post(`/jobs/${jobId}/run`);
  const question = { project: 'default', testId, runId: body.runId };
  expect(await ask(question)).toMatchObject({ test: { id: testId } });
  await api.admin.post(`/runs/${textAt(body, 'runId')}/cancel`);
  expect(await ask(question)).toMatchObject({ error: { code: 'cancelled' } });
});

test('a run of a job that was deleted is not wanted any more', async () => {
  const testId = await createTest(api);
  const jobId = await createJob(api, { tests: [testId] });
  const { body } = await api.admin.post(`/jobs/${jobId}/run`);
  const question = { project: 'default', testId, runId: body.runId, jobId };
  expect(await ask(question)).toMatchObject({ test: { id: testId } });
  await api.admin.delete(`/jobs/${jobId}`);
  expect(await ask(question)).toMatchObject({ error: { code: 'cancelled' } });
});

test('what is not there is never to be had, what cannot be read now is to be asked for again', async () => {
  const testId = await createTest(api);
  const nobodys = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';
  for (const question of [
    { project: 'other', testId },
    { project: 'default', testId: nobodys },
    { project: 'default', testId: 'x' },
    { testId },
    'x',
  ])
    expect(await ask(question)).toEqual({
      error: { code: 'not_found', message: expect.any(String) as string },
    });
  await sql`delete from config.secret where record_kind = 'variable'`.execute(api.db);
  expect(await ask({ project: 'default', testId })).toMatchObject({ error: { code: 'unavailable' } });
  await sql`delete from config.variables where secret`.execute(api.db);
});

test('the most a project may hold fits into one answer', async () => {
  await sql`delete from config.variables`.execute(api.db);
  for (let at = 0; ; at++) {
    const value = '\u0001'.repeat(4000);
    const { status } = await api.admin.post('/variables', { name: `V${at}`, value, secret: at % 2 === 0 });
    if (status === 409) break;
  }
  const { id: testId } = await api.admin.post('/tests', {
    ...script,
    definition: { script: 'x'.repeat(255 * 1024) },
  });
  expect(testId).not.toBe('');
  const answer = (await ask({ project: 'default', testId })) as { variables: object; secrets: object };
  expect(Object.keys(answer.variables).length + Object.keys(answer.secrets).length).toBeGreaterThan(15);
  expect(JSON.stringify(answer).length).toBeLessThan(1024 * 1024);
  await sql`delete from config.variables`.execute(api.db);
});

test('SEC10 SEC11 SEC18 a secret of a project is in no answer, event, stream, table or log line', async () => {
  const created = await api.admin.post(
    '/variables',
    { name: 'HIDDEN', value: CANARY, secret: true },
    { 'idempotency-key': 'c' },
  );
  const { id } = created;
  const answers = [
    created,
    await api.admin.post(
      '/variables',
      { name: 'HIDDEN', value: CANARY, secret: true },
      { 'idempotency-key': 'c' },
    ),
    await api.admin.put(`/variables/${id}`, { name: 'HIDDEN', value: `${CANARY}!`, secret: true }),
    await api.admin.put(`/variables/${id}`, { name: 'HIDDEN', value: CANARY, secret: false }),
    await api.admin.post('/variables', { name: 'lower', value: CANARY, secret: true }),
    await api.admin.get('/variables'),
    await api.admin.get(`/variables/${id}`),
  ];
  for (const { text } of answers) expect(text).not.toContain(CANARY);
  await expect.poll(async () => JSON.stringify(await api.streamed('CONFIG'))).toContain('HIDDEN');
  expect(JSON.stringify(await api.streamed('CONFIG'))).not.toContain(CANARY);
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('config', 'auth')`.execute(api.db);
  const hex = Buffer.from(CANARY).toString('hex');
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.raw(name)} t`.execute(
      api.db,
    );
    for (const { text } of rows) expect(text).not.toMatch(new RegExp(`${CANARY}|${hex}`));
  }
  expect(api.lines.join('')).not.toContain(CANARY);
});
