import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig } from '@tocsin/service-kit';
import { describe, expect, it } from 'vitest';
import { queueLimits, schedulerConfig } from './config.js';

describe('the environment', () => {
  it('is what the README says', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = readme.slice(readme.indexOf('## Environment'), readme.indexOf('## Rebuild'));
    const told = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    expect(told.toSorted()).toEqual(Object.keys(schedulerConfig.shape).toSorted());
  });

  it('stops the start with everything that is wrong with it', () => {
    const start = () => parseConfig(schedulerConfig, { HTTP_PORT: '0', DATABASE_URL: 'mysql://x' });
    expect(start).toThrow(ConfigError);
    for (const name of ['NATS_URL', 'DATABASE_URL', 'HTTP_PORT']) expect(start).toThrow(name);
  });

  it('says how much a project may run at once, and how much may wait', () => {
    const needed = { NATS_URL: 'nats://x', DATABASE_URL: 'postgres://x/y', HTTP_PORT: '1' };
    const limits = (env: Record<string, string>) =>
      queueLimits(parseConfig(schedulerConfig, { ...needed, ...env }));
    expect(limits({})).toMatchObject({
      perProject: 5,
      queued: 100,
      notTakenAfterMs: 3_600_000,
      graceMs: 60_000,
    });
    expect(limits({ TOCSIN_RUNS_PER_PROJECT: '7', TOCSIN_RUN_QUEUE_LIMIT: '9' })).toMatchObject({
      perProject: 7,
      queued: 9,
    });
    for (const wrong of ['0', '-1', '1.5', 'many', '99999'])
      expect(() => limits({ TOCSIN_RUNS_PER_PROJECT: wrong })).toThrow('between 1 and 1000');
  });
});
