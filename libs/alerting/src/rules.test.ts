import { describe, expect, test } from 'vitest';
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

table('R7 what could not be checked counts neither way', [
  ['between failures', withThresholds(2, 1), ['F E F'], ['3 raised failure']],
  [
    'between successes',
    withThresholds(1, 2),
    ['F S E S'],
    ['1 raised failure', '4 resolved failure: recovered'],
  ],
  ['four in a row are nothing', {}, ['E E E E S'], []],
  [
    'five in a row are an alert about us',
    {},
    ['E E E E E E S'],
    ['5 raised unobservable', '7 resolved unobservable: recovered'],
  ],
  [
    'seen to be failing is seen',
    {},
    ['E E E E E F'],
    ['5 raised unobservable', '6 resolved unobservable: recovered', '6 raised failure'],
  ],
  [
    'until every location can be checked again',
    { locations: ['a', 'b'] },
    ['a:E a:E a:E a:E a:E', 'b:E b:E b:E b:E b:E', 'a:S b:S'],
    ['5 raised unobservable', '12 resolved unobservable: recovered'],
  ],
  [
    'or is not watched any more',
    { locations: ['a', 'b'] },
    ['a:E a:E a:E a:E a:E', { locations: ['b'] }],
    ['5 raised unobservable', '5 resolved unobservable: superseded'],
  ],
]);

table('R8 pausing, disabling and deleting close the episode', [
  ['pausing', {}, ['F', { enabled: false }, 'F'], ['1 raised failure', '1 resolved failure: paused']],
  ['deleting', {}, ['F', { deleted: true }, 'F'], ['1 raised failure', '1 resolved failure: deleted']],
  [
    'switching alerts off',
    {},
    ['F', { alertConfig: { enabled: false } }, 'F'],
    ['1 raised failure', '1 resolved failure: disabled'],
  ],
  [
    'counters start at zero on resume',
    withThresholds(2, 1),
    ['F', { enabled: false }, { enabled: true }, 'F F'],
    ['3 raised failure'],
  ],
  [
    'every open episode',
    { alertConfig: { alertOnSslExpiration: true } },
    ['F C3 F', { enabled: false }],
    [
      '1 raised failure',
      '2 raised ssl_expiring',
      '2 resolved failure: recovered',
      '3 raised failure',
      '3 resolved failure: paused',
      '3 resolved ssl_expiring: paused',
    ],
  ],
]);

const at = (locations: string[], quorum: string, alertConfig = {}): Edit => ({
  locations,
  quorum,
  alertConfig,
});
table('R9 several locations', [
  ['any: the first', at(['a', 'b', 'c'], 'any'), ['a:F'], ['1 raised failure']],
  ['majority: not one of three', at(['a', 'b', 'c'], 'majority'), ['a:F a:F'], []],
  ['majority: two of three', at(['a', 'b', 'c'], 'majority'), ['a:F b:F'], ['2 raised failure']],
  ['all: not two of three', at(['a', 'b', 'c'], 'all'), ['a:F b:F'], []],
  ['all: three of three', at(['a', 'b', 'c'], 'all'), ['a:F b:F c:F'], ['3 raised failure']],
  ['a count', at(['a', 'b', 'c'], '2'), ['a:F c:F'], ['2 raised failure']],
  ['a count above their number means all', at(['a', 'b'], '5'), ['a:F b:F'], ['2 raised failure']],
  [
    'recovers when the quorum is no longer met',
    at(['a', 'b', 'c'], 'majority'),
    ['a:F b:F c:F c:S b:S'],
    ['2 raised failure', '5 resolved failure: recovered'],
  ],
  [
    'each location has its own thresholds',
    at(['a', 'b'], 'all', { failureThreshold: 2, recoveryThreshold: 2 }),
    ['a:F b:F a:F b:F a:S b:S b:S'],
    ['4 raised failure', '7 resolved failure: recovered'],
  ],
  ['a location that is not watched does not count', at(['a'], 'any'), ['b:F b:F'], []],
  [
    'a quorum the failing locations no longer reach',
    at(['a', 'b'], 'any'),
    ['a:F', { quorum: 'all' }],
    ['1 raised failure', '1 resolved failure: superseded'],
  ],
  [
    'the failing location is no longer watched',
    at(['a', 'b'], 'any'),
    ['a:F', { locations: ['b'] }, 'b:S'],
    ['1 raised failure', '1 resolved failure: superseded'],
  ],
  [
    'a stricter threshold is asked of every location',
    at(['a', 'b'], 'all'),
    ['a:F', { alertConfig: { failureThreshold: 2 } }, 'b:F b:F a:F'],
    ['4 raised failure'],
  ],
]);

test('R10 a policy is on the log from the position at which it counts, and a stale one is not', () => {
  const story = createStory();
  story.edit({});
  story.play('F F', { quorum: 'all' });
  expect(
    story.events.filter(({ type }) => type === 'PolicyChanged').map(({ data }) => data.position),
  ).toEqual([0, 2]);
});

table('R11 each type has its own episode', [
  [
    'a timeout beside a failure',
    aJob({ alertOnTimeout: true }),
    ['F T S'],
    [
      '1 raised failure',
      '2 raised timeout',
      '3 resolved failure: recovered',
      '3 resolved timeout: recovered',
    ],
  ],
  ['a timeout without its own episode is a failure', aJob(), ['T'], ['1 raised failure']],
  [
    'a timeout is a failure of a monitor',
    { alertConfig: { alertOnTimeout: true } },
    ['T'],
    ['1 raised failure'],
  ],
  [
    'success is an episode that a failure ends',
    aJob({ alertOnSuccess: true }),
    ['S S F S'],
    [
      '1 raised success',
      '3 resolved success: ended',
      '3 raised failure',
      '4 resolved failure: recovered',
      '4 raised success',
    ],
  ],
  ['a monitor has no success episode', { alertConfig: { alertOnSuccess: true } }, ['S S'], []],
  [
    'a type dropped from the policy ends',
    aJob({ alertOnSuccess: true, alertOnTimeout: true }),
    ['S T', { alertConfig: { alertOnTimeout: false } }, 'S', { alertConfig: { alertOnSuccess: false } }],
    [
      '1 raised success',
      '2 resolved success: ended',
      '2 raised timeout',
      '2 resolved timeout: superseded',
      '3 raised success',
      '3 resolved success: superseded',
    ],
  ],
  [
    'timeouts of before do not count once they are asked for again',
    aJob({ alertOnTimeout: true, failureThreshold: 2 }),
    ['T', { alertConfig: { alertOnTimeout: false } }, { alertConfig: { alertOnTimeout: true } }, 'T T'],
    ['3 raised timeout'],
  ],
]);

describe('an acknowledgement', () => {
  test('is of an open alert, once', () => {
    const story = createStory();
    story.edit({});
    story.play('F ack ack S ack');
    expect(story.told).toEqual(['1 raised failure', '1 acknowledged', '2 resolved failure: recovered']);
    expect(story.reasons.filter((reason) => /ack|open/.test(reason))).toEqual([
      'acknowledged',
      'already_acknowledged',
      'alert_not_open',
    ]);
  });

  test('of an alert nobody knows is nothing', () => {
    const story = createStory();
    story.acknowledge('unknown');
    expect(story.events).toEqual([]);
    expect(story.reasons).toEqual(['alert_not_open']);
  });

  test('changes nothing about the episode', () => {
    const story = createStory();
    story.edit({ alertConfig: { mutedUntil: minute(2) } });
    story.play('F ack F F S');
    expect(story.told).toEqual([
      '1 raised failure (muted)',
      '1 acknowledged',
      '2 unmuted failure',
      '4 resolved failure: recovered',
    ]);
  });
});
