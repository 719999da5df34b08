import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig } from '@tocsin/service-kit';
import { describe, expect, it } from 'vitest';
import { executorConfig, monitorPolicy } from './config.js';

const needed = { NATS_URL: 'nats://executor:x@127.0.0.1:4222', HTTP_PORT: '3000' };
const read = (env: Record<string, string> = {}) => parseConfig(executorConfig, { ...needed, ...env });

describe("the executor's environment", () => {
  it('needs no more than NATS and a port', () => {
    expect(read()).toMatchObject({ TOCSIN_LOCATION: 'local', TOCSIN_EXECUTOR_CONCURRENCY: 500 });
  });
  it('is told whole in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const told = [...readme.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, name]) => name);
    expect(told.toSorted()).toEqual(Object.keys(executorConfig.shape).toSorted());
  });
  it('that cannot be used is refused with every problem at once', () => {
    const wrong = {
      TOCSIN_LOCATION: 'a.b',
      TOCSIN_EXECUTOR_CONCURRENCY: '0',
      TOCSIN_EGRESS_DENY: 'everything',
      TOCSIN_OWN_ENDPOINTS: 'nats',
      TOCSIN_EGRESS_ALLOW_PRIVATE: 'maybe',
    };
    const refusal = () => read(wrong);
    expect(refusal).toThrow(ConfigError);
    for (const name of Object.keys(wrong)) expect(refusal).toThrow(name);
  });
  it('decides where checks may go', () => {
    const policy = monitorPolicy(
      read({
        TOCSIN_EGRESS_ALLOW: '127.0.0.0/8',
        TOCSIN_EGRESS_DENY: '10.9.0.0/16',
        TOCSIN_OWN_ENDPOINTS: 'nats:4222,[::1]:5432',
      }),
    );
    expect(policy.judge('127.0.0.1').refusal).toBeUndefined();
    expect(policy.judge('10.9.1.1').refusal).toBe('denied');
    expect(policy.judge('10.1.1.1').refusal).toBeUndefined();
    expect(policy.judge('169.254.169.254').refusal).toBe('metadata');
    expect(policy.ownEndpoints).toEqual([
      { host: 'nats', port: 4222 },
      { host: '::1', port: 5432 },
    ]);
    const strict = monitorPolicy(read({ TOCSIN_EGRESS_ALLOW_PRIVATE: 'false' }));
    expect(strict.judge('10.1.1.1').refusal).toBe('private');
  });
});
