import { expect, test } from 'vitest';
import {
  aJob,
  alertsOf,
  createStory,
  type Edit,
  minute,
  type Step,
  withThresholds,
} from './story.fixture.js';

type Row = [title: string, given: Edit, when: Step[], then: string[]];

function table(rule: string, rows: Row[]): void {
  test.each(rows.map(([title, ...row]) => [`${rule}: ${title}`, ...row] as Row))(
    '%s',
    (_title, given, when, then) => {
      expect(alertsOf(given, ...when)).toEqual(then);
    },
  );
}

table('R1 a slot counts once', [
  ['the same slot again', withThresholds(2, 1), ['F F@1 F@1'], []],
  ['a slot from before the last one', withThresholds(2, 1), ['S S F S@1 F'], ['5 raised failure']],
  ['an earlier failure that comes late', withThresholds(1, 1), ['S S F@1'], []],
  ['an earlier success that comes late', withThresholds(1, 1), ['S F S@1'], ['2 raised failure']],
  [
    'another location has slots of its own',
    { locations: ['a', 'b'], quorum: 'all' },
    ['a:F b:F@1'],
    ['2 raised failure'],
  ],
  [
    'what was counted before a pause is not counted after',
    withThresholds(2, 1),
    ['F F', { enabled: false }, { enabled: true }, 'F@1 F@2 F'],
    ['2 raised failure', '2 resolved failure: paused'],
  ],
]);

table('R2 failures that reach the threshold raise, whatever came before', [
  ['at the threshold', withThresholds(3, 1), ['F F F'], ['3 raised failure']],
  ['not below it', withThresholds(3, 1), ['F F S F F'], []],
  ['from the first check on', withThresholds(1, 1), ['F'], ['1 raised failure']],
  [
    'after a pause',
    withThresholds(1, 1),
    [{ enabled: false }, 'F', { enabled: true }, 'F'],
    ['2 raised failure'],
  ],
  [
    'a target that was down before alerting was switched on',
    { alertConfig: { enabled: false, failureThreshold: 2 } },
    ['F F F', { alertConfig: { enabled: true } }, 'F'],
    ['4 raised failure'],
  ],
  [
    'a failure after a success is the first of its own streak',
    { alertConfig: { enabled: false, failureThreshold: 3, recoveryThreshold: 2 } },
    ['F F F S', { alertConfig: { enabled: true } }, 'F F F'],
    ['7 raised failure'],
  ],
  [
    'a threshold lowered below what was counted',
    withThresholds(9, 1),
    ['F F', withThresholds(2, 1), 'F'],
    ['3 raised failure'],
  ],
  [
    'a threshold raised above what was counted',
    withThresholds(3, 1),
    ['F F', withThresholds(4, 1), 'F F'],
    ['4 raised failure'],
  ],
]);

table('R3 successes that reach the threshold resolve', [
  [
    'at the threshold',
    withThresholds(1, 2),
    ['F S S'],
    ['1 raised failure', '3 resolved failure: recovered'],
  ],
  ['a failure in between starts over', withThresholds(1, 2), ['F S F S'], ['1 raised failure']],
  [
    'a threshold lowered during the recovery',
    withThresholds(1, 9),
    ['F S', withThresholds(1, 2), 'S'],
    ['1 raised failure', '3 resolved failure: recovered'],
  ],
  [
    'a failure threshold raised during an episode does not end it',
    withThresholds(1, 1),
    ['F', withThresholds(5, 1), 'F'],
    ['1 raised failure'],
  ],
]);

table('R4 one episode, one raise, one resolve', [
  [
    'many failures',
    withThresholds(1, 1),
    ['F F F F S S S'],
    ['1 raised failure', '5 resolved failure: recovered'],
  ],
  ['no resolve without a raise', withThresholds(2, 1), ['F S S'], []],
  [
    'the next episode is another',
    withThresholds(1, 1),
    ['F S F'],
    ['1 raised failure', '2 resolved failure: recovered', '3 raised failure'],
  ],
]);

table('R5 the history is complete, whatever is told', [
  [
    'alertOnFailure off',
    { alertConfig: { alertOnFailure: false } },
    ['F S'],
    ['1 raised failure (failure_not_wanted)', '2 resolved failure: recovered'],
  ],
  [
    'alertOnFailure switched on during the episode',
    { alertConfig: { alertOnFailure: false } },
    ['F', { alertConfig: { alertOnFailure: true } }, 'F F'],
    ['1 raised failure (failure_not_wanted)', '2 unmuted failure'],
  ],
]);

test('R6 an end says whether its raise was told and whether recoveries are wanted', () => {
  const story = createStory();
  story.edit({ alertConfig: { alertOnRecovery: false, alertOnFailure: false } });
  story.play('F S');
  expect(story.events.at(-1)?.data).toMatchObject({
    recoveryWanted: false,
    raiseUntold: 'failure_not_wanted',
  });
});

test('R6 that a success is over is no recovery', () => {
  const story = createStory();
  story.edit(aJob({ alertOnSuccess: true }));
  story.play('S F');
  const ends = story.events.filter(({ type }) => type === 'AlertResolved').map(({ data }) => data);
  expect(ends).toMatchObject([{ type: 'success', recoveryWanted: false }]);
});

test('an alert carries its last ten failing checks, oldest first', () => {
  const story = createStory();
  story.edit({ locations: ['a', 'b'], quorum: 'all', alertConfig: { failureThreshold: 6 } });
  story.play('a:F b:F '.repeat(6).trim());
  const raised = story.events.find((event) => event.type === 'AlertRaised');
  expect(raised?.data).toMatchObject({ since: minute(1), locations: ['a', 'b'] });
  const slots = Array.from({ length: 10 }, (_, i) => minute(i + 3));
  expect(raised?.type === 'AlertRaised' && raised.data.evidence.map(({ slot }) => slot)).toEqual(slots);
});
