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
