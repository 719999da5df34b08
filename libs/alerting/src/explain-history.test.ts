import { expect, test } from 'vitest';
import { explainHistory, INITIAL_TARGET_STATE } from './index.js';
import { lived } from './life.fixture.js';
import { type Edit, minute, type Step } from './story.fixture.js';

function lastOf(given: Edit, ...script: Step[]) {
  const { steps } = lived({ locations: ['local'], ...given }, script);
  const { code, sentence } = explainHistory(steps, INITIAL_TARGET_STATE).results.at(-1)!.explained;
  return [code, sentence];
}
const thresholds = (failureThreshold: number, recoveryThreshold = 1) => ({
  alertConfig: { failureThreshold, recoveryThreshold },
});

test.each<[string, Edit, Step[], [string, string]]>([
  [
    'below the threshold',
    thresholds(3),
    ['F F'],
    ['below_threshold', 'Failure 2 of 3: below the threshold.'],
  ],
  ['at the threshold', thresholds(2), ['F F'], ['threshold_reached', 'Failure 2 of 2: an alert was raised.']],
  [
    'muted',
    { alertConfig: { mutedUntil: minute(60) } },
    ['F'],
    [
      'threshold_reached',
      `Failure 1 of 1: an alert was raised but nobody was told: muted until ${minute(60)}.`,
    ],
  ],
  [
    'goes on',
    thresholds(1),
    ['F F'],
    ['still_open', 'The alert that is open goes on; nobody is told again.'],
  ],
  [
    'too few locations',
    { locations: ['a', 'b'], quorum: 'all' },
    ['a:F'],
    ['quorum_not_met', 'Failure 1 of 1, but only 1 of 2 locations are failing and it takes 2.'],
  ],
  [
    'enough locations',
    { locations: ['a', 'b'], quorum: 'all' },
    ['a:F b:F'],
    [
      'threshold_reached',
      'Failure 1 of 1 and 2 of 2 locations failing, where it takes 2: an alert was raised.',
    ],
  ],
  ['recovering', thresholds(1, 3), ['F S S'], ['recovering', 'Success 2 of 3: the alert stays open.']],
  ['recovered', thresholds(1, 2), ['F S S'], ['recovered', 'Success 2 of 2: the alert was resolved.']],
  [
    'an error of ours',
    thresholds(1),
    ['S E E'],
    [
      'not_counted_error',
      'The check could not be made, which says nothing about the target: it counts neither way. It is number 2 in a row.',
    ],
  ],
  [
    'a slot again',
    thresholds(1),
    ['S F@1'],
    [
      'slot_already_counted',
      `Slot already counted: the last one that was is ${minute(1)}, so this check is recorded and counts neither way.`,
    ],
  ],
  [
    'paused',
    thresholds(1),
    [{ enabled: false }, 'F'],
    ['paused', 'It was paused: the check is recorded and counts neither way.'],
  ],
  [
    'disabled',
    { alertConfig: { enabled: false } },
    ['F'],
    ['alerts_disabled', 'Alerts were disabled: the check counted, and no alert could come of it.'],
  ],
  [
    'elsewhere',
    thresholds(1),
    ['oslo:F'],
    [
      'location_not_watched',
      'oslo was not among its locations: the check is recorded and counts neither way.',
    ],
  ],
])('%s', (_name, given, script, expected) => {
  expect(lastOf(given, ...script)).toEqual(expected);
});
