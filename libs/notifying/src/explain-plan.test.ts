import { expect, test } from 'vitest';
import { explainPlan } from './explain-plan.js';

test.each([
  [{ state: 'delivered', reason: 'told' }, 'was told'],
  [{ state: 'muted', reason: 'muted' }, 'was not told: muted'],
  [{ state: 'muted', reason: 'muted', mutedUntil: 'Sunday' }, 'was not told: muted until Sunday'],
  [{ state: 'muted', reason: 'provider_deleted' }, 'was not told: the provider had been deleted'],
  [{ state: 'muted', reason: 'did_not_hear' }, 'was not told of the end: it had not heard the beginning'],
  [{ state: 'muted', reason: 'provider_disabled' }, 'was not told: the provider was switched off'],
  [
    { state: 'failed', reason: 'provider_disabled' },
    'could not be told: the provider had been switched off after too many refusals',
  ],
  [{ state: 'planned', reason: 'told' }, 'is to be told'],
  [{ state: 'muted', reason: 'something new' }, 'was not told: something new'],
] as const)('%j', (planned, sentence) => {
  expect(explainPlan(planned)).toBe(sentence);
});
