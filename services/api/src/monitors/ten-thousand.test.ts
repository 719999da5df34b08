import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createViews } from '../reading/views.fixture.js';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';

const MONITORS = 10_000;

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  const { db } = api;
  const shop = { name: 'shop', type: 'http_request', target: 'https://shop.example/' };
  const { id } = await api.admin.post('/monitors', shop);
  await createViews(db);
  await sql`insert into config.monitors
    select gen_random_uuid(), project, 'service ' || md5(n::text), type, 'https://' || n || '.example/',
      interval_seconds, n % 17 <> 0, enabled_at, locations, quorum, description, array['team ' || n % 20], config,
      masks, secret_version, alert_config, revision, created_at, updated_at
    from config.monitors, generate_series(2, ${MONITORS}::int) n where id = ${id}`.execute(db);
  await sql`insert into results.target_status
    select id, 'monitor', project, case when hashtext(id::text) % 50 = 0 then 'down' else 'up' end, now(), now(), 12,
      'up', false from config.monitors`.execute(db);
  await sql`insert into results.monitor_hourly
    select id, 'local', hour, 60, 59, 0, 1, 0, 600, 59, 5, 20, 10, 15, 20, 0
    from config.monitors, generate_series(now() - interval '30 hours', now(), interval '1 hour') hour`.execute(
    db,
  );
  await sql`analyze`.execute(db);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const REPEATS = 15;
/** Of what is measured when nothing else runs, the slowest takes five times as long as a page in the order of creation. */
const AT_MOST_TIMES = 15;

/** Typical times of these, asked by turns: a machine with other things to do is slow for all of them. */
async function typicalMs(paths: readonly string[]): Promise<number[]> {
  const took = paths.map((): number[] => []);
  for (let time = 0; time < REPEATS; time++)
    for (const [n, path] of paths.entries()) {
      const started = performance.now();
      expect((await api.admin.get(path)).status).toBe(200);
      took[n]?.push(performance.now() - started);
    }
  return took.map((times) => times.toSorted((a, b) => a - b)[Math.floor(REPEATS / 2)] ?? 0);
}

test('of ten thousand monitors a page is there at once however it is asked for, and so is their overview', async () => {
  const paths = [
    '/overview',
    ...[
      'sort=name',
      'sort=name&order=desc',
      'sort=status&type=http_request,website',
      'sort=lastCheckAt&order=desc',
      'sort=name&search=abc',
      'sort=name&search=in-none-of-them',
      'sort=name&status=down&tag=team%203',
    ].map((query) => `/monitors?limit=50&${query}`),
  ];
  const [plain = 0, ...took] = await typicalMs(['/monitors?limit=50', ...paths]);
  const slow = paths.filter((_, n) => (took[n] ?? 0) > AT_MOST_TIMES * plain);
  expect(slow).toEqual([]);
  const { body } = await api.admin.get('/overview');
  expect(body).toMatchObject({ counts: { monitors: { total: MONITORS } } });
});

test('a page from the middle is found by its name and not counted up to', async () => {
  const names: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await api.admin.get(`/monitors?sort=name&limit=200${more}`);
    names.push(...(body.items as { name: string }[]).map(({ name }) => name));
    cursor = body.nextCursor as string | null;
  }
  expect(new Set(names).size).toBe(MONITORS);
  const { rows } = await sql<{ 'QUERY PLAN': string }>`explain select * from config.monitors t
    where t.project = 'default' and (lower(t.name), t.id) > (${names[5_000]}::text, ${'00000000-0000-0000-0000-000000000000'}::uuid)
    order by lower(t.name), t.id limit 51`.execute(api.db);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('monitors_by_name');
});
