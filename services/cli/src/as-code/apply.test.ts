// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { asText } from './json.js';
import { CANARIES, monitor, SHOP, set, shopIn } from './shop.fixture.js';
import { startTocsin, type Tocsin } from './tocsin.fixture.js';

let tocsin: Tocsin;
let shop: ReturnType<typeof shopIn>;
beforeAll(async () => {
  tocsin = await startTocsin(inject('pgUrl'));
  shop = shopIn(tocsin);
});
beforeEach(() => tocsin.empty());
afterAll(() => tocsin?.stop());

const cli = (command: string, text: string, ...more: string[]) => shop.cli(command, text, ...more);
const listed = (noun: string) => shop.listed(noun);
const one = (noun: string, name: string) => shop.one(noun, name);

describe('apply', () => {
  it('makes what the files say, and the second time there is nothing to do', async () => {
    expect((await cli('plan', SHOP)).code).toBe(1);
    expect((await cli('apply', SHOP)).code).toBe(0);
    expect(await cli('plan', SHOP)).toMatchObject({ code: 0, stdout: 'set shop: 9 unchanged\n' });
    expect((await cli('apply', SHOP)).stdout).toBe('set shop: 9 unchanged\n');
    expect(await one('Monitor', 'shop')).toMatchObject({
      target: 'https://CANARY-host.example/',
      managedBy: 'shop',
      revision: 1,
    });
  });

  it('is one cause in the audit trail, with what its message says', async () => {
    const { stdout } = await cli('apply --json', SHOP, '-m', 'für die Kasse');
    const { cause } = JSON.parse(stdout) as { cause: string };
    expect(cause).toMatch(/^apply shop [0-9a-f]{8}: für die Kasse$/);
    const { items } = await tocsin.call('listAudit', { query: { cause, limit: 200 } });
    expect(items).toHaveLength(9);
    expect((await cli('apply', SHOP, '-m', 'x'.repeat(101))).stderr).toContain(
      '--message must be at most 79',
    );
  });

  it('sees that a secret was changed by somebody, and puts it back', async () => {
    await cli('apply', SHOP);
    const { id } = await one('NotificationProvider', 'ops');
    const config = { webhookUrl: 'https://elsewhere.example/' };
    await tocsin.call('updateNotificationProvider', { params: { id: asText(id) }, body: { config } });
    const planned = await cli('plan', SHOP);
    expect(planned.stdout).toBe(
      '~ provider ops\n    (secret): changed\nset shop: 1 to change, 8 unchanged\n',
    );
    expect((await cli('apply', SHOP)).code).toBe(0);
    expect((await cli('plan', SHOP)).code).toBe(0);
  });

  it('removes what its set made and no longer lists, and nothing else', async () => {
    await tocsin.call('createMonitor', { body: { name: 'by hand', type: 'heartbeat' } });
    await cli('apply', set('other', monitor('theirs')));
    await cli('apply', set('mine', monitor('a'), monitor('b')));
    const kept = await cli('apply --no-prune', set('mine', monitor('a')));
    expect(kept.stdout).toContain('monitor b is no longer in the files and stays');
    expect((await cli('plan', set('mine', monitor('a')))).stdout).toContain('- monitor b\n');
    await cli('apply', set('mine', monitor('a')));
    expect(new Set((await listed('Monitor')).map(({ name }) => name))).toEqual(
      new Set(['a', 'by hand', 'theirs']),
    );
  });

  it('takes over what is kept by hand, or by others, only when it is told to', async () => {
    const { id } = await tocsin.call('createMonitor', {
      body: { name: 'a', type: 'ping_host', target: 'localhost' },
    });
    const refused = await cli('apply', set('mine', monitor('a')));
    expect(refused).toMatchObject({
      code: 4,
      stderr: 'tocsin: monitor "a": it is kept by hand: --adopt takes it over\n',
    });
    expect((await cli('apply --adopt', set('mine', monitor('a')))).stdout).toContain(
      '» monitor a (kept by hand)',
    );
    expect((await cli('plan', set('other', monitor('a')))).stderr).toContain('it belongs to the set mine');
    expect(await one('Monitor', 'a')).toMatchObject({ id, managedBy: 'mine', revision: 2 });
  });

  it('does nothing where two things have the name it needs, and says which', async () => {
    const ids = await Promise.all(
      [1, 2].map(
        async () => (await tocsin.call('createMonitor', { body: { name: 'a', type: 'heartbeat' } })).id,
      ),
    );
    const { code, stderr } = await cli('apply', set('mine', monitor('a'), monitor('b')));
    expect(code).toBe(4);
    for (const id of ids) expect(stderr).toContain(id);
    expect(await listed('Monitor')).toHaveLength(2);
  });

  it('keeps the address of a heartbeat, and a mute that somebody set', async () => {
    await cli('apply', SHOP);
    const backup = await one('Monitor', 'backup');
    const watched = await one('Monitor', 'shop');
    const mutedUntil = '2100-01-01T00:00:00.000Z';
    await tocsin.call('updateMonitor', {
      params: { id: asText(watched.id) },
      body: { alertConfig: { mutedUntil } },
    });
    expect((await cli('plan', SHOP)).code).toBe(0);
    await cli(
      'apply',
      SHOP.replace('target: https', 'intervalSeconds: 30\n    target: https').replace('3600', '7200'),
    );
    expect(await one('Monitor', 'backup')).toMatchObject({
      heartbeatUrl: backup.heartbeatUrl,
      intervalSeconds: 7200,
    });
    expect(await one('Monitor', 'shop')).toMatchObject({ intervalSeconds: 30, alertConfig: { mutedUntil } });
  });

  it('removes a provider and a test together with what uses them, and not what others use', async () => {
    await cli('apply', SHOP);
    expect((await cli('apply', 'tocsin: 1\nset: shop\n')).stdout).toContain(
      'set shop: 9 removed, 0 unchanged',
    );
    await cli('apply', SHOP);
    const alertConfig = {
      enabled: true,
      notificationProviders: [(await one('NotificationProvider', 'ops')).id],
    };
    await tocsin.call('createMonitor', { body: { name: 'by hand', type: 'heartbeat', alertConfig } });
    const refused = await cli('apply', 'tocsin: 1\nset: shop\n');
    expect(refused.stderr).toContain(
      'provider "ops" is no longer in the files, but monitor "by hand" uses it',
    );
    expect(await listed('Monitor')).toHaveLength(4);
  });

  it('without a set owns nothing: what it lists may be anybody’s as long as it is so already', async () => {
    const none = (...monitors: string[]) => set('x', ...monitors).replace('set: x\n', '');
    await cli('apply', none(monitor('a'), monitor('b')));
    expect(await one('Monitor', 'a')).not.toHaveProperty('managedBy');
    expect((await cli('plan', none(monitor('a')))).stdout).toBe('1 unchanged\n');
    await cli('apply', set('mine', monitor('c')));
    expect((await cli('plan', none(monitor('c')))).code).toBe(0);
    expect((await cli('plan', none(monitor('c', ', intervalSeconds: 30')))).stderr).toContain(
      'change it there',
    );
  });

  it('asks a person who is there, unless told not to', async () => {
    const file = tocsin.file('tocsin.yaml', set('mine', monitor('a')));
    const no = await tocsin.cli(['apply', '-f', file], {}, 'n');
    expect(no).toMatchObject({ code: 1, stdout: expect.stringContaining('1 to create') as string });
    expect(no.stderr).toContain('Do this? [y/N]');
    expect(no.stderr).toContain('nothing was changed');
    expect(await listed('Monitor')).toEqual([]);
    expect((await tocsin.cli(['apply', '-f', file], {}, 'y')).stdout).toContain('1 created');
    const gone = tocsin.file('tocsin.yaml', 'tocsin: 1\nset: mine\n');
    expect((await tocsin.cli(['apply', '-f', gone, '--yes'], {}, 'n')).stdout).toContain('1 removed');
  });

  it('tells nothing of the environment in what it refuses, or the api does', async () => {
    const file = tocsin.file('tocsin.yaml', SHOP);
    const wrong = { ...CANARIES, SLACK_WEBHOOK: 'CANARY is no address', HOST: 'CANARY host' };
    shop.ended.push(await tocsin.cli(['apply', '-f', file], wrong));
    expect(shop.ended.at(-1)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/webhookUrl: must be/) as string,
    });
    const text = 'tocsin: 1\nvariables: [{ name: A, value: "${SHOP_PASSWORD}${SHOP_PASSWORD}" }]';
    shop.ended.push(
      await tocsin.cli(['apply', '-f', tocsin.file('a.yaml', text)], { SHOP_PASSWORD: 'CANARY'.repeat(600) }),
    );
    expect(shop.ended.at(-1)?.code).toBe(2);
  });

  it('says with its place what is wrong in a file, before anything is asked of the api', async () => {
    const wrong = set('mine', monitor('a', ', intervalSeconds: 0'), monitor('b', `, tags: ["\${UNSET}"]`));
    const { code, stderr } = await cli('apply', wrong.replace(`, tags: ["\${UNSET}"]`, ', colour: red'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/tocsin\.yaml:4:\d+: monitor "a": intervalSeconds: /);
    expect(stderr).toMatch(/tocsin\.yaml:5:\d+: monitor "b": colour: is not known here/);
    expect((await cli('plan', wrong)).stderr).toMatch(
      /tocsin\.yaml:5:\d+: monitors\.1\.tags\.0: UNSET is not set/,
    );
  });
});

it('SEC11: nothing of what the environment gave was shown by any of this', () => {
  expect(shop.ended.length).toBeGreaterThan(20);
  expect(JSON.stringify(shop.ended)).not.toContain('CANARY');
});
