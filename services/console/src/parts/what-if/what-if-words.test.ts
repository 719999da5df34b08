import { expect, it } from 'vitest';
import { changeOf } from './what-if-words.js';

it.each([
  [{ failureThreshold: 1 }, { failureThreshold: 1 }, undefined],
  [{ failureThreshold: 1 }, { failureThreshold: 3 }, { failureThreshold: 3 }],
  [{ notificationProviders: ['a'] }, { notificationProviders: ['a'] }, undefined],
  [{ mutedUntil: 'Sunday' }, { mutedUntil: undefined }, { mutedUntil: null }],
  [{}, { mutedUntil: 'Sunday' }, { mutedUntil: 'Sunday' }],
])('from %j to %j changes %j', (before, now, change) => {
  expect(changeOf(before, now)).toEqual(change);
});
