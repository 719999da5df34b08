import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateHour } from './index.js';
import { minute } from './story.fixture.js';

const hour = fc.record({
  location: fc.constant('local'),
  startAt: fc.constant(minute(0)),
  successes: fc.nat({ max: 60 }),
  failures: fc.nat({ max: 60 }),
  errors: fc.nat({ max: 5 }),
  changes: fc.nat({ max: 60 }),
});
const spans = fc.array(
  fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })).map(([from, length]) => ({
    from: minute(from),
    to: minute(from + length),
  })),
  { maxLength: 3 },
);
const evidence = fc.array(
  fc.nat({ max: 59 }).map((n) => ({
    eventId: String(n),
    slot: minute(n),
    finishedAt: minute(n),
    location: 'local',
    outcome: 'down',
    latencyMs: 1,
  })),
  { maxLength: 4 },
);

test('an estimated hour has as many results of each kind as the hour had, in order', () => {
  fc.assert(
    fc.property(hour, evidence, spans, (given, known, open) => {
      const results = estimateHour(given, known, open);
      const of = (kind: string) => results.filter(({ result }) => result === kind).length;
      expect([of('success'), of('failure'), of('error')]).toEqual([
        given.successes,
        given.failures,
        given.errors,
      ]);
    }),
  );
});

test('a single outage is estimated as one where its alert was open', () => {
  const results = estimateHour(
    { location: 'local', startAt: minute(0), successes: 50, failures: 10, errors: 0, changes: 2 },
    [],
    [{ from: minute(20), to: minute(30) }],
  );
  const failed = results.flatMap(({ result }, n) => (result === 'failure' ? [n] : []));
  expect(failed).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
});

test('outages without an alert are as many as there were changes', () => {
  const results = estimateHour(
    { location: 'local', startAt: minute(0), successes: 54, failures: 6, errors: 0, changes: 6 },
    [],
    [],
  );
  const letters = results.map(({ result }) => (result === 'failure' ? 'F' : '.')).join('');
  expect(letters.match(/F+/g)).toEqual(['FF', 'FF', 'FF']);
});
