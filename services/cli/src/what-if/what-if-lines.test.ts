import type { WhatIfAnswer } from '@tocsin/http-api';
import { expect, it } from 'vitest';
import { differing, summaryLines } from './what-if-lines.js';

const sum = (alerts: number, mean: number | null) => ({
  alerts,
  pages: alerts,
  pagesAtNight: 1,
  pagesPerNight: 0.5,
  detectionDelayMs: mean === null ? null : { mean, max: mean },
});
const target = (targetName: string, removed: number): WhatIfAnswer['targets'][number] => ({
  targetId: '0192f0c1-7a5e-7c3b-9d21-000000000001',
  targetKind: 'monitor',
  targetName,
  added: 0,
  removed,
  changed: 0,
  same: 1,
  before: sum(2, 13),
  after: sum(2 - removed, 60_013),
  coveredFrom: null,
  exactFrom: null,
  estimatedHours: 0,
  differsFromHistory: 0,
  alerts: { added: [], removed: [], changed: [] },
});
const answer: WhatIfAnswer = {
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-03T00:00:00.000Z',
  timeZone: 'UTC',
  targetCount: 2,
  results: 5_760,
  resultsRead: 40,
  tookMs: 1_234,
  unfinished: 0,
  totals: {
    added: 0,
    removed: 1,
    changed: 0,
    same: 2,
    before: sum(4, 13),
    after: sum(3, 150_000),
    estimatedTargets: 0,
  },
  baseline: { differsFromHistory: 0 },
  nights: [],
  targets: [target('shop', 1), target('blog', 0)],
  notes: ['Something to know.'],
};

it('says in numbers what would be otherwise, and what is to be known about it', () => {
  const { before, after } = summaryLines(answer);
  expect(before).toContain('5760 results, 40 of them read one by one, in 1.2 s');
  expect(before).toContain('alerts           4 → 3  (0 added, 1 removed, 0 changed, 2 the same)');
  expect(before).toContain('calls per night  0.50 → 0.50  (22 to 7, UTC)');
  expect(before).toContain('detection delay  0.0 s → 2.5 min');
  expect(after).toBe('Something to know.');
  expect(before).toContain('2 targets from');
  expect(summaryLines({ ...answer, targetCount: 1 }).before).toContain('1 target from');
});

it('lists those alone for which something would be otherwise', () => {
  expect(differing(answer).map(({ targetName }) => targetName)).toEqual(['shop']);
});
