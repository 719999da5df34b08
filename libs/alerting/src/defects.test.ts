import { describe, expect, test } from 'vitest';
import { aJob, alertsOf, createStory, minute, withThresholds } from './story.fixture.js';

describe('K1 recovery is told with a recovery threshold above one', () => {
  test('K1 three failures, two successes: the example of their own manual', () => {
    expect(alertsOf(withThresholds(3, 2), 'F F F S S')).toEqual([
      '3 raised failure',
      '5 resolved failure: recovered',
    ]);
  });
});

test('K2 a blip below the threshold never recovers', () => {
  expect(alertsOf(withThresholds(3, 1), 'S F S S')).toEqual([]);
});

test('K3 a target that is down from its first check, or from its resume, alerts at the threshold', () => {
  expect(alertsOf(withThresholds(1, 1), 'F F')).toEqual(['1 raised failure']);
  expect(alertsOf(withThresholds(1, 1), { enabled: false }, { enabled: true }, 'F F')).toEqual([
    '1 raised failure',
  ]);
});

describe('K4 flapping', () => {
  const flapping = { alertConfig: { flapThreshold: 3 } };

  test('K4 an alert per flip, for who did not ask for less', () => {
    expect(alertsOf({}, 'F S F S F S F S')).toHaveLength(8);
  });

  test('K4 the third episode within an hour holds on until five successes', () => {
    expect(alertsOf(flapping, 'F S F S F S F S S F S S S S S')).toEqual([
      '1 raised failure',
      '2 resolved failure: recovered',
      '3 raised failure',
      '4 resolved failure: recovered',
      '5 raised failure',
      '15 resolved failure: recovered',
    ]);
  });

  test('K4 flapping never asks for fewer successes than the policy', () => {
    expect(alertsOf({ alertConfig: { flapThreshold: 1, recoveryThreshold: 7 } }, 'F S S S S S S S')).toEqual([
      '1 raised failure',
      '8 resolved failure: recovered',
    ]);
  });

  test('K4 the same flips spread over hours are no flapping', () => {
    expect(alertsOf(flapping, 'F S +2h F S +2h F S')).toHaveLength(6);
  });
});

describe('K5 certificates', () => {
  const wanted = { alertConfig: { alertOnSslExpiration: true } };

  test('K5 a certificate inside its warning period alerts, one renewed ends it', () => {
    expect(alertsOf(wanted, 'C30 C14 C13 C90')).toEqual([
      '2 raised ssl_expiring',
      '4 resolved ssl_expiring: recovered',
    ]);
  });

  test('K5 at most once a day, however often it is exchanged', () => {
    expect(alertsOf(wanted, 'C3 C90 C3 C90 +23h C3 +1h C3 C90')).toEqual([
      '1 raised ssl_expiring',
      '2 resolved ssl_expiring: recovered',
      '1446 raised ssl_expiring',
      '1447 resolved ssl_expiring: recovered',
    ]);
  });

  test('K5 a check that saw no certificate says nothing about it', () => {
    expect(alertsOf(wanted, 'C3 S S')).toEqual(['1 raised ssl_expiring']);
  });

  test('K5 it is down and expiring by episodes of their own', () => {
    expect(alertsOf(wanted, 'C3 F S')).toEqual([
      '1 raised ssl_expiring',
      '2 raised failure',
      '3 resolved failure: recovered',
    ]);
  });

  test('K5 not asked for it is on record untold, and told once asked for', () => {
    expect(alertsOf({}, 'C3', wanted, 'C3 C3')).toEqual([
      '1 raised ssl_expiring (type_not_wanted)',
      '2 unmuted ssl_expiring',
    ]);
  });

  test('K5 no longer asked for it ends', () => {
    expect(alertsOf(wanted, 'C3', { alertConfig: { alertOnSslExpiration: false } }, 'C3')).toEqual([
      '1 raised ssl_expiring',
      '1 resolved ssl_expiring: superseded',
    ]);
  });

  test('K5 the next day begins after 24 hours', () => {
    expect(alertsOf(wanted, 'C3 C90 +23h +58m C3')).toEqual([
      '1 raised ssl_expiring',
      '2 resolved ssl_expiring: recovered',
      '1441 raised ssl_expiring',
    ]);
  });

  test('K5 the location that saw it is no longer asked', () => {
    expect(alertsOf({ ...wanted, locations: ['a', 'b'] }, 'a:C3', { locations: ['b'] })).toEqual([
      '1 raised ssl_expiring',
      '1 resolved ssl_expiring: superseded',
    ]);
  });

  test('K5 all locations must see the new certificate', () => {
    expect(alertsOf({ ...wanted, locations: ['a', 'b'] }, 'a:C3 b:C3 a:C90 b:C90')).toEqual([
      '1 raised ssl_expiring',
      '4 resolved ssl_expiring: recovered',
    ]);
  });
});

test('K6 a run that timed out raises, at the threshold, an alert that says timeout', () => {
  expect(alertsOf(aJob({ alertOnTimeout: true, failureThreshold: 2 }), 'T S T T S')).toEqual([
    '4 raised timeout',
    '5 resolved timeout: recovered',
  ]);
});

test('K7 a threshold of two needs two failed runs', () => {
  expect(alertsOf(aJob({ failureThreshold: 2 }), 'F')).toEqual([]);
  expect(alertsOf(aJob({ failureThreshold: 2 }), 'F F')).toEqual(['2 raised failure']);
});

test('K8 a run reported three times raises once, under one id', () => {
  const story = createStory();
  story.edit(aJob());
  story.play('F F@1 F@1');
  expect(story.told).toEqual(['1 raised failure']);
  const again = createStory();
  again.edit(aJob());
  again.play('F');
  expect(again.events.at(-1)?.data).toEqual(story.events.at(-1)?.data);
});

test('K9 a job that keeps failing alerts once', () => {
  expect(alertsOf(aJob(), 'F F F F F F')).toEqual(['1 raised failure']);
});

test('K9 a run that somebody cancelled counts neither way, and its slot stays open', () => {
  expect(alertsOf(aJob({ failureThreshold: 2 }), 'F X F')).toEqual(['3 raised failure']);
  expect(alertsOf(aJob({ recoveryThreshold: 2 }), 'F S X S')).toEqual([
    '1 raised failure',
    '4 resolved failure: recovered',
  ]);
  expect(alertsOf(aJob({ failureThreshold: 1 }), 'X X X X X X')).toEqual([]);
});

test('K12 locations do not share their counters', () => {
  const both = { locations: ['a', 'b'], alertConfig: { failureThreshold: 3 } };
  expect(alertsOf(both, 'a:F b:F a:F b:F')).toEqual([]);
  expect(alertsOf(both, 'a:F b:S a:F b:S a:F b:S a:S')).toEqual([
    '5 raised failure',
    '7 resolved failure: recovered',
  ]);
});

describe('K14 mutedUntil', () => {
  const muted = { alertConfig: { mutedUntil: minute(4) } };

  test('K14 what begins while muted is on record, and told when the mute ends and it is still there', () => {
    expect(alertsOf(muted, 'F F F F F')).toEqual(['1 raised failure (muted)', '4 unmuted failure']);
  });

  test('K14 what begins and ends while muted is not told', () => {
    const story = createStory();
    story.edit(muted);
    story.play('F S');
    expect(story.told).toEqual(['1 raised failure (muted)', '2 resolved failure: recovered']);
    expect(story.events.at(-1)?.data).toMatchObject({ raiseUntold: 'muted' });
  });

  test('K14 lifting the mute tells what is open', () => {
    expect(alertsOf(muted, 'F', { alertConfig: { mutedUntil: undefined } }, 'F')).toEqual([
      '1 raised failure (muted)',
      '2 unmuted failure',
    ]);
  });

  test('K14 a mute during an episode does not keep its end', () => {
    const story = createStory();
    story.edit({});
    story.play('F', { alertConfig: { mutedUntil: minute(60) } }, 'S');
    expect(story.told).toEqual(['1 raised failure', '2 resolved failure: recovered']);
    expect(story.events.at(-1)?.data).not.toHaveProperty('raiseUntold');
  });
});
