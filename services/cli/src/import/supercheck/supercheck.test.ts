// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import { describe, expect, it } from 'vitest';
import { importedFrom, readBack, sourceOf, thingOf, toldOf } from '../accounting.fixture.js';
import { createLedger } from '../ledger.js';
import { supercheck } from './index.js';
import { locationsOf } from './locations.js';

const files = ['monitors', 'jobs', 'tests', 'providers', 'variables'].map(
  (list) => `./supercheck/sample/${list}.json`,
);
const imported = importedFrom(supercheck, sourceOf(supercheck, files));

it('has the alertConfig field for field, with names for ids', () => {
  expect(thingOf(imported, 'monitors', 'Shop').alertConfig).toEqual({
    enabled: true,
    notificationProviders: ['Ops Slack'],
    alertOnFailure: true,
    alertOnRecovery: true,
    alertOnSslExpiration: true,
    alertOnSuccess: false,
    alertOnTimeout: false,
    failureThreshold: 3,
    recoveryThreshold: 2,
    customMessage: '',
  });
});

it('switches alerts off where nobody is left to tell, and says so', () => {
  expect(thingOf(imported, 'monitors', 'Database').alertConfig).toMatchObject({ enabled: false });
  expect(toldOf(imported, 'monitors', 3, 'alertConfig', 'enabled')).toMatchObject([{ outcome: 'left' }]);
});

it('asks the environment for what the export masks', () => {
  expect(thingOf(imported, 'providers', 'Ops Slack').config).toEqual({
    webhookUrl: '${PROVIDER_OPS_SLACK_WEBHOOKURL}',
    channel: '#ops',
  });
  expect(imported.secrets.filter(({ value }) => value === undefined)).toHaveLength(4);
});

it('carries scripts over as they are, with the dollars that are theirs', () => {
  const tests = readBack(imported).tests as { name: string; definition: { script: string } }[];
  expect(tests[0]?.definition.script).toContain('`${process.env.BASE_URL}/cart`');
});

it('reads scripts in base64', () => {
  const script = "import { test } from '@playwright/test';\ntest('a', async () => {});\n";
  const test = {
    id: 't',
    title: 'a',
    type: 'browser',
    priority: 'low',
    script: Buffer.from(script).toString('base64'),
  };
  const one = importedFrom(supercheck, supercheck.recognise({ data: [test] }));
  expect(thingOf(one, 'tests', 'a').definition).toEqual({ script });
});

it('runs tests of a job in their order, and leaves what is for k6', () => {
  expect(thingOf(imported, 'jobs', 'Nightly E2E Suite')).toMatchObject({
    tests: ['Checkout', 'Orders api'],
    cron: '0 2 * * *',
    timeZone: 'UTC',
  });
  expect(toldOf(imported, 'jobs', 1)).toMatchObject([{ outcome: 'left' }]);
});

it('leaves a monitor out when its test is', () => {
  expect(() => thingOf(imported, 'monitors', 'Load journey')).toThrow('no Load journey');
  expect(toldOf(imported, 'monitors', 6, 'config', 'testId')).toMatchObject([{ outcome: 'left' }]);
});

it('reads what config print prints, and finds the tests of a job in their files', () => {
  const printed = importedFrom(supercheck, sourceOf(supercheck, ['./supercheck/sample/config.json']));
  expect(thingOf(printed, 'tests', 'homepage-check').scriptFile).toMatch(
    /^_supercheck_\/playwright\/homepage-check\..*\.pw\.ts$/,
  );
  expect(thingOf(printed, 'jobs', 'Nightly E2E Suite').tests).toEqual(['homepage-check']);
  expect(readBack(printed).monitors).toHaveLength(1);
});

it('says when there are more pages', () => {
  const page = supercheck.recognise({ data: [], pagination: { hasNextPage: true, total: 80 } });
  expect(importedFrom(supercheck, page).entries).toMatchObject([
    { outcome: 'unneeded' },
    { outcome: 'left', note: 'the list goes on' },
  ]);
});

describe('locations', () => {
  const three = ['a', 'b', 'c'];
  it.each([
    [{ strategy: 'all', threshold: 100 }, 'any'],
    [{ strategy: 'any', threshold: 1 }, 'all'],
    // 2 of 3 up are 66 %
    [{ strategy: 'majority', threshold: 50 }, 2],
    [{ strategy: 'majority', threshold: 67 }, 'any'],
    [{ strategy: 'majority', threshold: 66 }, 2],
    [{ strategy: 'majority', threshold: 33 }, 'all'],
    [{ strategy: 'majority', threshold: 100 }, 'any'],
  ])('of which %j have to be up are down by the quorum %s', (config, quorum) => {
    const account = createLedger({}).at([]);
    expect(locationsOf({ enabled: true, locations: three, ...config }, account)).toEqual({
      locations: three,
      quorum,
    });
  });
});
