import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@tocsin/local-stack';
import { startHttpTarget, startWebhookFake } from '@tocsin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tocsin } from './cli.fixture.js';
import { type Product, startProduct } from './product.fixture.js';

let product: Product;
let target: Awaited<ReturnType<typeof startHttpTarget>>;
let hook: Awaited<ReturnType<typeof startWebhookFake>>;
const folder = temporaryFolder();
beforeAll(async () => {
  [product, target, hook] = await Promise.all([startProduct(), startHttpTarget(), startWebhookFake()]);
}, 60_000);
afterAll(async () => {
  await product?.stop();
  await target?.stop();
  await hook?.stop();
  folder.remove();
}, 30_000);

const run = (...args: string[]) => tocsin(product, args);
const json = async (...args: string[]) => {
  const { code, out, err } = await run(...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
};

it('shows what is watched, tells who is on it, and who changed what', { timeout: 60_000 }, async () => {
  const provider = await product.post('notification-providers', {
    name: 'hook',
    type: 'webhook',
    config: { url: `${hook.origin}/in` },
  });
  await target.set('error');
  await product.post('monitors', {
    name: 'shop',
    type: 'http_request',
    target: `${target.url}/`,
    intervalSeconds: 1,
    alertConfig: { enabled: true, notificationProviders: [provider.id] },
  });
  expect((await run('providers', 'test', 'hook')).code).toBe(0);
  await expect
    .poll(async () => (await json('alerts', 'list', '--state', 'open')).length, { timeout: 15_000 })
    .toBe(1);

  const listed = await run('monitors', 'list');
  expect(listed.out).toMatch(/^NAME +STATUS +TYPE/);
  expect(listed.out).toMatch(/shop +down +http_request/);
  expect((await run('status')).out).toContain('monitors    1: 1 down');
  const [alert] = await json('alerts', 'list', '--state', 'open', '--from', '1h');
  expect((await run('alerts', 'ack', alert.id, '-m', 'on it')).out).toBe('acknowledged\n');
  await expect
    .poll(async () => (await json('alerts', 'show', alert.id)).acknowledgement?.note, { timeout: 10_000 })
    .toBe('on it');
  expect((await run('monitors', 'pause', 'shop')).out).toBe('shop is paused\n');
  expect((await json('audit', 'list', '--kind', 'monitor'))[0]).toMatchObject({
    action: 'paused',
    entityName: 'shop',
  });

  const file = join(folder.dir, 'audit.jsonl');
  expect((await run('audit', 'export', '--out', file)).code).toBe(0);
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
    'paused monitor',
    'acknowledged ack',
    'created monitor',
    'created provider',
  ]);
  expect(statSync(file).mode & 0o077).toBe(0);
  const again = await run('audit', 'export', '--out', file);
  expect([again.code, again.err]).toEqual([2, `tocsin: cannot write ${file}: it is there already\n`]);
});

it.each([
  ['what is not there', ['monitors', 'show', 'nowhere'], 4, 'there is no monitor "nowhere"'],
  ['what the api does not take', ['alerts', 'list', '--type', 'odd'], 4, 'type'],
])('says what is wrong with %s', async (_, args, code, message) => {
  const said = await run(...args);
  expect(said.code).toBe(code);
  expect(said.err).toContain(message);
  expect(said.out).toBe('');
});

it('says that a token is not good', async () => {
  const said = await tocsin(product, ['status'], { env: { TOCSIN_TOKEN: 'toc_nonsense' } });
  expect(said.code).toBe(4);
  expect(said.err).toContain('(unauthorized)');
});
