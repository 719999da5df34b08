// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import type { JsonObject } from '@tocsin/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
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
const one = (noun: string, name: string) => shop.one(noun, name);

describe('a token that may only', () => {
  const tokenWith = async (scope: string): Promise<string> =>
    asText((await tocsin.call('createToken', { body: { name: scope, scopes: [scope] } })).token);

  it('read plans, but compares no secrets, and says so', async () => {
    await cli('apply', SHOP);
    const file = tocsin.file('tocsin.yaml', SHOP);
    const env = { ...CANARIES, SHOP_PASSWORD: 'CANARY-another', TOCSIN_TOKEN: await tokenWith('read') };
    expect(await tocsin.cli(['plan', '-f', file], env)).toMatchObject({
      code: 0,
      stderr: 'what is secret is not compared: for that the token needs the scope write\n',
    });
    expect((await tocsin.cli(['apply', '-f', file, '--adopt'], env)).code).toBe(0);
    expect((await cli('plan', SHOP.replace('SHOP_PASSWORD', 'HOST'))).stdout).toContain(
      'variable PASSWORD\n    (secret): changed',
    );
  });

  it('write is told that things are gone, and that it may not know who did it', async () => {
    await cli('apply', set('mine', monitor('a'), monitor('b')));
    const { id } = await one('Monitor', 'a');
    await tocsin.call('deleteMonitor', { params: { id: asText(id) } });
    const file = tocsin.file('tocsin.yaml', set('mine', monitor('a'), monitor('b')));
    const found = await tocsin.cli(['drift', '-f', file], { TOCSIN_TOKEN: await tokenWith('write') });
    expect(found).toMatchObject({
      code: 1,
      stdout: 'monitor a: missing\n    by whom is not known: the token needs the scope admin for that\n',
    });
  });
});

describe('export', () => {
  it('of a set is a document that changes nothing when it is applied', async () => {
    await cli('apply', SHOP);
    await tocsin.call('createMonitor', { body: { name: 'costs $${X} and $$', type: 'heartbeat' } });
    const env = {
      PROVIDER_OPS_WEBHOOKURL: CANARIES.SLACK_WEBHOOK,
      VARIABLE_PASSWORD: CANARIES.SHOP_PASSWORD,
    };
    for (const flags of [['--set', 'shop'], [], ['--set', 'shop', '--json']]) {
      const made = await tocsin.cli(['export', ...flags]);
      shop.ended.push({ ...made, stdout: made.stdout.replaceAll(CANARIES.HOST, '') });
      const file = tocsin.file('exported.yaml', made.stdout);
      const again = await tocsin.cli(['plan', '-f', file], env);
      expect(again).toMatchObject({ code: 0, stderr: '' });
      expect((parse(made.stdout) as JsonObject).monitors).toHaveLength(flags.length === 0 ? 4 : 3);
    }
  });
});

describe('drift', () => {
  it('is what others did since, and not what the files have not said yet', async () => {
    await cli('apply', SHOP);
    expect(await cli('drift', SHOP)).toMatchObject({
      code: 0,
      stdout: 'nobody changed what the files say\n',
    });
    const ahead = await cli(
      'drift',
      SHOP.replace('3600', '7200').replace('jobs:', 'jobs:\n  - { name: another }'),
    );
    expect(ahead).toMatchObject({
      code: 0,
      stderr: '2 changes of the files are not applied yet: tocsin plan shows them\n',
    });

    const backup = await one('Monitor', 'backup');
    await tocsin.call('pauseMonitor', { params: { id: asText(backup.id) } });
    await tocsin.call('deleteJob', { params: { id: asText((await one('Job', 'nightly')).id) } });
    const variable = await one('Variable', 'BASE_URL');
    await tocsin.call('updateVariable', {
      params: { id: asText(variable.id) },
      body: { value: 'https://evil.example' },
    });
    const { code, stdout } = await cli('drift', SHOP);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /monitor backup: changed\n {4}enabled: true → false\n {4}by token first administrator from 127\.0\.0\.1 at 20/,
    );
    expect(stdout).toMatch(/job nightly: removed\n {4}by token /);
    expect(stdout).toMatch(
      /variable BASE_URL: changed\n {4}value: https:\/\/shop.example → https:\/\/evil.example\n {4}by token /,
    );
  });
});

it('SEC11: nothing of what the environment gave was shown by any of this', () => {
  expect(shop.ended.length).toBeGreaterThan(8);
  expect(JSON.stringify(shop.ended)).not.toContain('CANARY');
});
