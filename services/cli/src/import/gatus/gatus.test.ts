// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import { expect, it } from 'vitest';
import { importedFrom, readBack, sourceOf, thingOf, toldOf } from '../accounting.fixture.js';
import { gatus } from './index.js';

const source = sourceOf(gatus, ['./gatus/sample/config.yaml']);
const imported = importedFrom(gatus, source);

it('reads anchors, merges them, and lets what stands beside them win', () => {
  expect(thingOf(imported, 'monitors', 'front-end')).toMatchObject({
    intervalSeconds: 90,
    config: { timeoutSeconds: 5 },
  });
  expect(thingOf(imported, 'monitors', 'back-end')).toMatchObject({
    intervalSeconds: 30,
    config: { timeoutSeconds: 2 },
  });
});

it('makes a provider for a group that has its own settings, and its endpoints name it', () => {
  expect(thingOf(imported, 'monitors', 'front-end').alertConfig).toMatchObject({
    notificationProviders: ['slack core', 'email'],
  });
});

it('takes defaults of a provider where an alert says nothing, and the most eager threshold', () => {
  expect(thingOf(imported, 'monitors', 'front-end').alertConfig).toMatchObject({
    failureThreshold: 2,
    recoveryThreshold: 2,
    alertOnRecovery: true,
    customMessage: 'health check failed\ncosts $5 an hour',
  });
});

it('leaves variables of the environment to the environment', () => {
  expect(thingOf(imported, 'providers', 'slack').config).toEqual({ webhookUrl: '${SLACK_WEBHOOK_URL}' });
  expect(thingOf(imported, 'monitors', 'back-end').target).toBe('https://${BACKEND_HOST}/api');
  expect(imported.environment).toEqual(
    expect.arrayContaining(['SLACK_WEBHOOK_URL', 'BACKEND_HOST', 'EVENTS_TOKEN']),
  );
});

it('switches off what it cannot sign in for, and says so', () => {
  expect(thingOf(imported, 'monitors', 'partner').enabled).toBe(false);
  expect(toldOf(imported, 'endpoints', 7, 'client', 'oauth2')).toMatchObject([{ outcome: 'left' }]);
});

it('names two endpoints of the same name by their groups', () => {
  expect(thingOf(imported, 'monitors', 'front-end (staging)').target).toBe(
    'https://staging.example.com/health',
  );
});

it('makes heartbeats of external endpoints that have an interval, and of no other', () => {
  expect(thingOf(imported, 'monitors', 'nightly-backup')).toMatchObject({
    type: 'heartbeat',
    intervalSeconds: 86_400,
  });
  expect(toldOf(imported, 'external-endpoints', 1)).toMatchObject([{ outcome: 'left' }]);
});

it('asks a resolver for what it has to answer', () => {
  expect(thingOf(imported, 'monitors', 'example-dns-query')).toMatchObject({
    type: 'dns',
    target: 'example.com',
    config: { recordType: 'A', resolver: '8.8.8.8', expectedValues: ['93.184.215.14', '93.184.216.34'] },
  });
});

it('has the dollar of a text in the document as it was meant', () => {
  const monitors = readBack(imported).monitors as { name: string; alertConfig: { customMessage: string } }[];
  expect(monitors[0]?.alertConfig.customMessage).toContain('costs $5 an hour');
});

it('says that a file is none of Gatus', () => {
  expect(() => gatus.recognise({ monitors: [] })).toThrow('no configuration of Gatus');
});
