import { SUBSCRIBED_TYPES } from '@tocsin/contracts';
import type { SubscriptionView } from '@tocsin/http-api';
import { expect, test } from 'vitest';
import { behindText, standingText, TYPE_WORDS } from './subscription-words.js';

const standing = (state: SubscriptionView['state'], delivery: Partial<SubscriptionView['delivery']>) =>
  standingText({ state, delivery: { lastAnswer: null, disabledReason: null, ...delivery } as never });

test('each type that may be subscribed to has words', () => {
  expect(Object.keys(TYPE_WORDS).toSorted()).toEqual([...SUBSCRIBED_TYPES].toSorted());
});

test.each([
  [standing('delivering', {}), ''],
  [standing('retrying', { lastAnswer: { status: 503, reason: 'http_503' } }), 'The last answer was 503.'],
  [
    standing('retrying', { lastAnswer: { status: 0, reason: 'connection_refused' } }),
    'There was no answer: connection refused.',
  ],
])('a standing says why: %s', (said, expected) => {
  expect(said).toBe(expected);
});

test('one that switched itself off says that somebody must have it go on', () => {
  for (const disabledReason of ['gone', 'failing_too_long'] as const)
    expect(standing('disabled', { disabledReason })).toContain('until somebody has it go on');
});

test('what waits is a number, nothing, or not known', () => {
  expect([null, 0, 1234].map((behind) => behindText(behind))).toEqual(['not known', 'nothing', '1,234']);
});
