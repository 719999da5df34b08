import { join } from 'node:path';
import { temporaryFolder } from '@tocsin/local-stack';
import { startHttpTarget, startWebhookFake } from '@tocsin/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asAuditor, tocsin } from './cli.fixture.js';
import { type Product, startProduct } from './product.fixture.js';

let product: Product;
let target: Awaited<ReturnType<typeof startHttpTarget>>;
let hook: Awaited<ReturnType<typeof startWebhookFake>>;
const folder = temporaryFolder();
const at = (name: string) => join(folder.dir, name);
beforeAll(async () => {
  [product, target, hook] = await Promise.all([startProduct(), startHttpTarget(), startWebhookFake()]);
}, 60_000);
afterAll(async () => {
  await product?.stop();
  await target?.stop();
  await hook?.stop();
  folder.remove();
}, 30_000);

const run = (...args: string[]) => asAuditor(product, ...args);

async function asAdministrator(statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: product.local.databaseUrl });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

const told = () => hook.received.length;

it('verifies what the product wrote, signs it, exports it, and finds what was changed', {
  timeout: 180_000,
}, async () => {
  // 1. A life: up, down, acknowledged, up again, edited, paused
  const provider = await product.post('notification-providers', {
    name: 'hook',
    type: 'webhook',
    config: { url: `${hook.origin}/in` },
  });
  const monitor = await product.post('monitors', {
    name: 'shop',
    type: 'http_request',
    target: `${target.url}/`,
    intervalSeconds: 1,
    alertConfig: { enabled: true, failureThreshold: 2, notificationProviders: [provider.id] },
  });
  await target.set('error');
  await expect.poll(told, { timeout: 20_000 }).toBe(1);
  const [alert] = JSON.parse((await run('alerts', 'list', '--state', 'open', '--json')).out);
  await run('alerts', 'ack', alert.id, '-m', 'on it');
  await target.set('up');
  await expect.poll(told, { timeout: 20_000 }).toBe(2);
  await run('monitors', 'pause', 'shop');

  // 2. All of it is as it was written
  const clean = await run('verify', '--json');
  expect(JSON.parse(clean.out).differences).toEqual([]);
  expect(clean.code).toBe(0);
  const report = await run('verify');
  expect(report.out).toContain('everything is as it was written');
  expect(report.out).toMatch(/[1-9]\d* alert events decided again, 0 judged by their evidence/);
  expect((await run('verify', '--target', monitor.id)).code).toBe(0);

  // 3. Signed and exported
  expect((await run('checkpoint', 'keygen', '--key', at('key'), '--public-key', at('public'))).code).toBe(0);
  const signed = await run('checkpoint', 'create', '--key', at('key'), '--out', at('checkpoint'));
  expect([signed.code, signed.err]).toEqual([0, '']);
  const against = ['--against', at('checkpoint'), '--public-key', at('public')];
  expect((await run('verify', ...against)).code).toBe(0);
  expect((await run('log', 'export', '--out', at('log.jsonl'))).code).toBe(0);
  const file = await run('verify', '--file', at('log.jsonl'), ...against);
  expect([file.code, file.err]).toEqual([0, '']);

  // 4. Somebody with all power over the database
  await asAdministrator(`update evaluator.event set data = replace(data, '"failure"', '"timeout"')
    where type = 'AlertRaised'`);
  const altered = await run('verify', ...against);
  expect(altered.code).toBe(1);
  expect(altered.out).toMatch(/ALTERED {2}ALERTS in the table, chain ., position \d+, event [0-9a-f-]{36}/);
  const compared = JSON.parse((await run('verify', '--json')).out);
  expect(compared.differences.map(({ place }: { place: string }) => place)).toContain('stream');
});

it.each([
  ['a checkpoint without its key', ['--against', 'x'], {}, 2, '--public-key'],
  ['a file that is none', ['--file', 'nowhere.jsonl'], {}, 2, 'cannot read nowhere.jsonl'],
  ['servers that are not there', [], { NATS_URL: 'nats://127.0.0.1:1' }, 3, 'cannot look: NATS says'],
])('says what is wrong with %s', async (_, args, env, code, message) => {
  const databaseUrl = product.local.databaseUrl;
  const said = await tocsin(product, ['verify', ...args], {
    env: { NATS_URL: product.local.natsUrl, DATABASE_URL: databaseUrl, ...env },
  });
  expect(said.code).toBe(code);
  expect(said.err).toContain(message);
  expect(said.err).not.toContain(new URL(databaseUrl).password);
});
