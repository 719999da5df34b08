import { readFileSync } from 'node:fs';
import { parseConfig } from '@tocsin/service-kit';
import { describe, expect, it } from 'vitest';
import { projectorConfig, retentionOf } from './config.js';

const least = { NATS_URL: 'nats://n', DATABASE_URL: 'postgres://u:p@h/d', HTTP_PORT: '3000' };

describe('the environment', () => {
  it('needs no word about retention', () => {
    expect(retentionOf(parseConfig(projectorConfig, least))).toEqual({
      resultsDays: 7,
      hourlyDays: 30,
      dailyDays: 90,
      historyDays: 90,
    });
  });

  it.each(['0', '-1', '1.5', 'a week', '10000'])('refuses to keep results for %s days', (text) => {
    expect(() => parseConfig(projectorConfig, { ...least, TOCSIN_RESULTS_RETENTION_DAYS: text })).toThrow(
      'TOCSIN_RESULTS_RETENTION_DAYS',
    );
  });

  it('is all in the README, and nothing else is', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const told = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    expect(told.toSorted()).toEqual(Object.keys(projectorConfig.shape).toSorted());
  });
});
