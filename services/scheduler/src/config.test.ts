import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig } from '@tocsin/service-kit';
import { describe, expect, it } from 'vitest';
import { schedulerConfig } from './config.js';

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
});
