import { MASK } from '@tocsin/http-api';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { configEvents, foreigner } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
});
beforeEach(async () => {
  await sql`delete from config.variables`.execute(api.db);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

test('a variable is shown with its value, a secret one never', async () => {
  const plain = await api.admin.post('/variables', {
    name: 'HOST',
    value: 'shop.example',
    description: 'where',
  });
  expect(plain.status).toBe(201);
  expect(plain.body).toMatchObject({
    name: 'HOST',
    value: 'shop.example',
    secret: false,
    description: 'where',
  });
  const secret = await api.admin.post('/variables', { name: 'TOKEN', value: 'hush-hush', secret: true });
  expect(secret.body).toMatchObject({ name: 'TOKEN', value: null, secret: true, revision: 1 });
  const changed = await api.admin.patch(`/variables/${secret.id}`, { value: 'hush-again' });
  expect(changed.body).toMatchObject({ value: null, revision: 2 });
  const listed = await api.admin.get('/variables');
  expect(listed.text).not.toContain('hush');
  expect(await configEvents(api, plain.id)).toMatchObject([{ name: 'HOST', value: 'shop.example' }]);
  const events = await configEvents(api, secret.id);
  expect(events).toMatchObject([{ secretVersion: 1 }, { secretVersion: 2 }]);
  for (const event of events) expect(event).not.toHaveProperty('value');
});

test('a secret that comes back as it was shown is kept, and stays one', async () => {
  const { id } = await api.admin.post('/variables', { name: 'TOKEN', value: 'hush-hush', secret: true });
  for (const body of [
    { name: 'TOKEN', value: null, secret: true },
    { name: 'TOKEN', value: MASK },
    { name: 'TOKEN', value: 'hush-hush', secret: true },
  ])
    expect((await api.admin.put(`/variables/${id}`, body)).body).toMatchObject({ revision: 1 });
  const renamed = await api.admin.put(`/variables/${id}`, { name: 'OTHER', value: null, description: 'd' });
  expect(renamed.body).toMatchObject({ name: 'OTHER', secret: true, description: 'd', revision: 2 });
  expect((await configEvents(api, id)).at(-1)).toMatchObject({ name: 'OTHER', secretVersion: 1 });
  const open = await api.admin.put(`/variables/${id}`, { name: 'OTHER', value: 'x', secret: false });
  expect(open.body).toMatchObject({ status: 400, errors: [{ field: 'secret' }] });
  const masked = await api.admin.post('/variables', { name: 'NEW', value: MASK, secret: true });
  expect(masked.body).toMatchObject({ status: 400, errors: [{ field: 'value' }] });
});

test('what was readable can become a secret', async () => {
  const { id } = await api.admin.post('/variables', { name: 'A', value: 'v1' });
  const sealed = await api.admin.put(`/variables/${id}`, { name: 'A', value: 'v2', secret: true });
  expect(sealed.body).toMatchObject({ value: null, secret: true, revision: 2 });
  const { rows } = await sql<{ value: string | null }>`select value from config.variables`.execute(api.db);
  expect(rows).toEqual([{ value: null }]);
});

test('a name stands for one variable, whoever is faster', async () => {
  const made = await Promise.all(
    [1, 2, 3, 4].map((n) => api.admin.post('/variables', { name: 'A', value: `v${n}` })),
  );
  expect(made.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409', '409']);
  const { id } = await api.admin.post('/variables', { name: 'B', value: 'v' });
  const taken = await api.admin.put(`/variables/${id}`, { name: 'A', value: 'v' });
  expect(taken.body).toMatchObject({ status: 409, code: 'conflict' });
  const other = await foreigner(api);
  expect((await other.post('/variables', { name: 'A', value: 'theirs' })).status).toBe(201);
});

test('a project has so many variables, and so much in them, as fit into one answer', async () => {
  await sql`insert into config.variables (id, project, name, secret, value, bytes, revision, created_at, updated_at)
    select gen_random_uuid(), 'default', 'V' || n, false, 'v', 3, 1, now(), now() from generate_series(1, 99) n`.execute(
    api.db,
  );
  expect((await api.admin.post('/variables', { name: 'LAST', value: 'v' })).status).toBe(201);
  const tooMany = await api.admin.post('/variables', { name: 'MORE', value: 'v' });
  expect(tooMany.body).toMatchObject({ status: 409, code: 'conflict' });
  expect(tooMany.body.detail).toContain('at most 100 variables');
  await sql`delete from config.variables where name in ('V1', 'V2')`.execute(api.db);
  await sql`update config.variables set bytes = 524000 where name = 'V3'`.execute(api.db);
  const tooMuch = await api.admin.post('/variables', { name: 'LONG', value: 'x'.repeat(4000) });
  expect(tooMuch.body.detail).toContain('512 KiB');
});

test('variables are listed by name, a page at a time, and deleted with their secrets', async () => {
  for (const name of ['C', 'A', 'B_1', 'B'])
    await api.admin.post('/variables', { name, value: 'v', secret: name === 'A' });
  const names = ({ items }: { items?: unknown }) => (items as { name: string }[]).map(({ name }) => name);
  const first = await api.admin.get('/variables?limit=3');
  expect(names(first.body)).toEqual(['A', 'B', 'B_1']);
  const rest = await api.admin.get(`/variables?cursor=${textAt(first.body, 'nextCursor')}`);
  expect(names(rest.body)).toEqual(['C']);
  const { id } = (first.body.items as { id: string }[])[0] ?? { id: '' };
  expect((await api.admin.delete(`/variables/${id}`, { 'if-match': '"9"' })).status).toBe(412);
  expect((await api.admin.delete(`/variables/${id}`)).status).toBe(204);
  const { rows } = await sql`select 1 from config.secret where record_id = ${id}`.execute(api.db);
  expect(rows).toEqual([]);
  expect((await configEvents(api, id)).at(-1)).toMatchObject({ variableId: id, revision: 2 });
});

test('what belongs to another project does not exist', async () => {
  const { id } = await api.admin.post('/variables', { name: 'A', value: 'v' });
  const other = await foreigner(api);
  expect((await other.get('/variables')).body.items).not.toContainEqual(expect.objectContaining({ id }));
  for (const answer of [
    await other.get(`/variables/${id}`),
    await other.patch(`/variables/${id}`, { value: 'x' }),
    await other.put(`/variables/${id}`, { name: 'A', value: 'x' }),
    await other.delete(`/variables/${id}`),
  ])
    expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
});
