import { DomainError } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  jobInput,
  monitorInput,
  monitorPatch,
  parseInput,
  providerInput,
  runReport,
  testInput,
  tokenInput,
} from './index.js';

const provider = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';
const monitor = { name: 'shop', type: 'http_request', target: 'http://127.0.0.1:8081/' };
const job = { name: 'nightly' };
const alerting = { enabled: true, notificationProviders: [provider] };
const hook = { name: 'hook', type: 'webhook', config: { url: 'http://127.0.0.1:9999/in' } };

function fieldsOf(schema: z.ZodType, value: unknown): string[] {
  try {
    parseInput(schema, value);
    return [];
  } catch (error) {
    if (error instanceof DomainError) return error.problems.map(({ field }) => field);
    throw error;
  }
}

describe('what is left out', () => {
  it('of a monitor has the defaults of the design', () => {
    expect(parseInput(monitorInput, monitor)).toMatchObject({
      intervalSeconds: 60,
      enabled: true,
      locations: ['local'],
      quorum: 'any',
      config: { method: 'GET', timeoutSeconds: 30 },
      alertConfig: {
        enabled: false,
        notificationProviders: [],
        alertOnFailure: true,
        alertOnRecovery: true,
        alertOnSslExpiration: false,
        alertOnSuccess: false,
        alertOnTimeout: false,
        failureThreshold: 1,
        recoveryThreshold: 1,
        customMessage: '',
        flapThreshold: 0,
      },
    });
  });

  it('of a patch stays out', () => {
    expect(parseInput(monitorPatch, { alertConfig: { failureThreshold: 3 } })).toEqual({
      alertConfig: { failureThreshold: 3 },
    });
  });

  it('of a heartbeat is its target', () => {
    expect(parseInput(monitorInput, { name: 'b', type: 'heartbeat' })).toMatchObject({ target: '' });
  });
});

describe('an interval', () => {
  const DAY = 86_400;
  it.each([
    ['http_request', DAY, true],
    ['http_request', DAY + 1, false],
    ['website', 7 * DAY, false],
    ['heartbeat', 7 * DAY, true],
    ['heartbeat', 31 * DAY, true],
    ['heartbeat', 31 * DAY + 1, false],
  ])('of a %s of %s seconds: allowed is %s', (type, intervalSeconds, isAllowed) => {
    const target = type === 'heartbeat' ? '' : monitor.target;
    const fields = fieldsOf(monitorInput, { name: 'one', type, target, intervalSeconds });
    expect(fields).toEqual(isAllowed ? [] : ['intervalSeconds']);
  });

  it('of a heartbeat has a grace of a week at most', () => {
    const withGrace = (graceSeconds: number) => ({
      name: 'one',
      type: 'heartbeat',
      config: { graceSeconds },
    });
    expect(fieldsOf(monitorInput, withGrace(7 * DAY))).toEqual([]);
    expect(fieldsOf(monitorInput, withGrace(7 * DAY + 1))).toEqual(['config.graceSeconds']);
  });

  it('that is too long is refused with what it may be', () => {
    expect(monitorInput.safeParse({ ...monitor, intervalSeconds: 7 * DAY }).error?.issues[0]?.message).toBe(
      'must be at most 86400 seconds (1 day; only heartbeats may be further apart)',
    );
  });
});

describe('a refusal names the field', () => {
  const withAlerts = (alertConfig: object) => ({ ...monitor, alertConfig });
  it.each<[string, z.ZodType, unknown, string]>([
    ['no object', monitorInput, 7, 'body'],
    ['an unknown field', monitorInput, { ...monitor, nmae: 1 }, 'nmae'],
    ['an unknown setting', monitorInput, { ...monitor, config: { verb: 1 } }, 'config.verb'],
    ['a missing setting', monitorInput, { ...monitor, type: 'port_check', target: 'db' }, 'config.port'],
    ['an unknown type', monitorInput, { ...monitor, type: 'smoke' }, 'type'],
    ['a target of another kind', monitorInput, { ...monitor, target: 'ftp://x' }, 'target'],
    ['a name too long', monitorInput, { ...monitor, name: 'x'.repeat(256) }, 'name'],
    ['no interval', monitorInput, { ...monitor, intervalSeconds: 0 }, 'intervalSeconds'],
    ['a text for a number', monitorInput, { ...monitor, intervalSeconds: '60' }, 'intervalSeconds'],
    ['more than a day', monitorInput, { ...monitor, intervalSeconds: 86_401 }, 'intervalSeconds'],
    ['no location', monitorInput, { ...monitor, locations: [] }, 'locations'],
    ['a quorum nobody can reach', monitorInput, { ...monitor, quorum: 2 }, 'quorum'],
    ['a quorum nobody knows', monitorInput, { ...monitor, quorum: 'most' }, 'quorum'],
    ['alerts for nobody', monitorInput, withAlerts({ enabled: true }), 'alertConfig.notificationProviders'],
    [
      'a foreign provider id',
      monitorInput,
      withAlerts({ notificationProviders: ['x'] }),
      'alertConfig.notificationProviders.0',
    ],
    [
      'eleven providers',
      monitorInput,
      withAlerts({
        notificationProviders: Array.from({ length: 11 }, (_, n) => provider.slice(0, -2) + String(n + 10)),
      }),
      'alertConfig.notificationProviders',
    ],
    [
      'alerts about nothing',
      monitorInput,
      withAlerts({ ...alerting, alertOnFailure: false, alertOnRecovery: false, alertOnSuccess: true }),
      'alertConfig.alertOnFailure',
    ],
    ['a threshold of 0', monitorInput, withAlerts({ failureThreshold: 0 }), 'alertConfig.failureThreshold'],
    [
      'half a threshold',
      monitorInput,
      withAlerts({ recoveryThreshold: 1.5 }),
      'alertConfig.recoveryThreshold',
    ],
    [
      'a message too long',
      monitorInput,
      withAlerts({ customMessage: 'x'.repeat(2_001) }),
      'alertConfig.customMessage',
    ],
    ['an unknown alert field', jobInput, { ...job, alertConfig: { x: 1 } }, 'alertConfig.x'],
    [
      'certificates of a job',
      jobInput,
      {
        ...job,
        alertConfig: {
          ...alerting,
          alertOnFailure: false,
          alertOnRecovery: false,
          alertOnSslExpiration: true,
        },
      },
      'alertConfig.alertOnFailure',
    ],
    ['a provider without address', providerInput, { ...hook, config: {} }, 'config.url'],
    ['a provider nobody knows', providerInput, { ...hook, type: 'pigeon' }, 'type'],
    ['a run nobody knows', runReport, { status: 'ok', durationMs: 1 }, 'status'],
    [
      'an unknown error field',
      runReport,
      { status: 'failed', durationMs: 1, error: { message: 'x', y: 1 } },
      'error.y',
    ],
    ['no scope', tokenInput, { name: 'ci', scopes: [] }, 'scopes'],
  ])('%s', (_, schema, value, field) => {
    expect(fieldsOf(schema, value)).toEqual([field]);
  });

  it('and nothing when all is well', () => {
    expect(fieldsOf(monitorInput, { ...monitor, alertConfig: alerting })).toEqual([]);
    expect(fieldsOf(jobInput, { ...job, alertConfig: { ...alerting, alertOnFailure: false } })).toEqual([]);
    expect(fieldsOf(providerInput, hook)).toEqual([]);
  });
});

describe('a scenario', () => {
  const step = { name: 'home', url: 'http://127.0.0.1/' };
  const scenario = (...steps: object[]) => ({ name: 't', kind: 'api', definition: { steps } });
  const asserting = (that: object) => scenario({ ...step, assert: [that] });
  it.each([
    ['a path the parser does not know', asserting({ that: 'json', path: '$[', is: 'present' }), ['path']],
    ['a comparison with nothing', asserting({ that: 'json', path: '$.a', is: 'less_than' }), ['value']],
    ['a header compared with nothing', asserting({ that: 'header', header: 'etag', is: 'equal' }), ['value']],
    ['a comparison with null', asserting({ that: 'json', path: '$.a', is: 'equal', value: null }), []],
    ['a header that is there', asserting({ that: 'header', header: 'etag', is: 'present' }), []],
  ])('with %s', (_, input, fields) => {
    expect(fieldsOf(testInput, input)).toEqual(fields.map((field) => `definition.steps.0.assert.0.${field}`));
  });

  it('is bounded as a whole, in bytes', () => {
    const steps = (text: string) => [1, 2, 3].map(() => ({ ...step, body: text.repeat(80_000) }));
    expect(fieldsOf(testInput, scenario(...steps('x')))).toEqual([]);
    expect(fieldsOf(testInput, scenario(...steps('é')))).toEqual(['definition']);
  });
});
