import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertEvent } from './index.js';
import { type Edit, minute, type Step } from './story.fixture.js';
import { type Log, logOf, verdictOn } from './verify.fixture.js';

const numRuns = 500;

const result = fc
  .tuple(
    fc.constantFrom('', 'a:', 'b:', 'c:'),
    fc.constantFrom('F', 'F', 'F', 'F', 'S', 'S', 'S', 'S', 'T', 'E', 'E', 'X', 'C3', 'C90'),
  )
  .map(([where, what]) => where + what);
/** Comes late, or again: slots lie in the past. */
const late = fc.integer({ min: 1, max: 40 }).map((ago) => ({ ago }));
const alertConfig = fc.record(
  {
    enabled: fc.constantFrom(true, true, true, false),
    alertOnFailure: fc.boolean(),
    alertOnRecovery: fc.boolean(),
    alertOnSslExpiration: fc.boolean(),
    alertOnSuccess: fc.boolean(),
    alertOnTimeout: fc.boolean(),
    failureThreshold: fc.integer({ min: 1, max: 4 }),
    recoveryThreshold: fc.integer({ min: 1, max: 4 }),
    customMessage: fc.constantFrom('', 'call somebody'),
    flapThreshold: fc.integer({ min: 0, max: 3 }),
    mutedUntil: fc.integer({ min: 1, max: 80 }).map(minute),
  },
  { requiredKeys: [] },
);
const edit: fc.Arbitrary<Edit> = fc.record(
  {
    enabled: fc.constantFrom(true, true, true, false),
    locations: fc.subarray(['a', 'b', 'c', 'local'], { minLength: 1 }),
    quorum: fc.constantFrom('any', 'majority', 'all', '2'),
    alertConfig,
  },
  { requiredKeys: [] },
);

/** Lives of monitors and jobs. */
const lives: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.constantFrom<Edit>({ kind: 'monitor' }, { kind: 'job', locations: [], quorum: '' }),
    fc.array(
      fc.oneof(
        { weight: 30, arbitrary: result },
        { weight: 8, arbitrary: fc.constantFrom('F F F', 'S S S', 'S S S S S S', 'E E E E E') },
        { weight: 2, arbitrary: late },
        { weight: 3, arbitrary: fc.constantFrom('ack', '+25h', '+5m') },
        { weight: 4, arbitrary: edit },
      ),
      { maxLength: 60 },
    ),
  )
  .map(([kind, steps]) => [
    kind,
    ...steps.flatMap((given, index): Step[] => {
      const step = typeof given === 'object' && 'ago' in given ? lateAt(steps, index, given.ago) : given;
      // A job runs in one place
      if (kind.kind !== 'job') return [step];
      if (typeof step === 'string') return [step.replaceAll(/[a-c]:/g, '')];
      return [{ ...step, locations: [], quorum: '' }];
    }),
  ]);

function lateAt(steps: readonly unknown[], index: number, ago: number): string {
  const before = steps.slice(0, index).filter((step) => typeof step === 'string' && /[FSTEXC]/.test(step));
  return `a:F@${Math.max(0, before.length - ago)}`;
}

test('an honest log has no difference, and every event of it is decided again', () => {
  fc.assert(
    fc.property(lives, (script) => {
      const log = logOf(...script);
      const { differences, judged } = verdictOn(log);
      expect(differences).toEqual([]);
      expect(judged).toEqual(log.events.map(() => 're-decided'));
    }),
    { numRuns },
  );
});

test('an honest log has no difference wherever its results begin', () => {
  fc.assert(
    fc.property(lives, fc.nat(), fc.boolean(), (script, at, withConfig) => {
      const log = logOf(...script);
      const { differences, judged } = verdictOn(log, 1 + (at % (log.observed.length + 1)), withConfig);
      expect(differences).toEqual([]);
      expect(judged).toHaveLength(log.events.length);
      expect(judged).not.toContain('not-judged');
    }),
    { numRuns: numRuns * 2 },
  );
});

type Path = readonly (string | number)[];

/** Every single value of an event. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value);
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}

function other(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value}x`;
  return Array.isArray(value) ? ['x'] : { x: 1 };
}

function changed(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return other(value);
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest);
  return copy;
}

/** Where a policy or an acknowledgement stands among the results is its own to say: the chain guards it. */
const isFree = ({ type }: AlertEvent, path: Path) =>
  path[0] === 'position' && (type === 'PolicyChanged' || type === 'AlertAcknowledged');

const isRegression = (events: readonly AlertEvent[]) =>
  events.some(({ data }, at) => data.position < (events[at - 1]?.data.position ?? 0));

function pick<T>(list: readonly T[], at: number): T {
  const one = list[at % list.length];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

const somewhere = (log: Log, at: number) => at % log.events.length;

test('a change of any single field of any event is found', () => {
  fc.assert(
    fc.property(lives, fc.nat(), fc.nat(), (script, at, where) => {
      const log = logOf(...script);
      const place = somewhere(log, at);
      const event = pick(log.events, place);
      const paths = pathsOf(event.data).filter((path) => !isFree(event, path));
      const data = changed(event.data, pick(paths, where));
      const events = log.events.with(place, Object.assign({ ...event }, { data }));
      // Sequences that go back are what a log that once lost its tail looks like
      if (isRegression(events)) return;
      expect(verdictOn({ ...log, events }).differences).not.toEqual([]);
    }),
    { numRuns },
  );
});

test('an event that was taken out, put in twice or swapped with its neighbour is found', () => {
  fc.assert(
    fc.property(lives, fc.nat(), (script, at) => {
      const log = logOf(...script);
      const place = somewhere(log, at);
      const event = pick(log.events, place);
      const without = { ...log, events: log.events.toSpliced(place, 1) };
      // Of an alert that has ended nobody can say whether it was acknowledged too late: the chain guards it
      const { differences } = verdictOn(without);
      expect(differences.length > 0 || event.type === 'AlertAcknowledged').toBe(true);
      expect(verdictOn({ ...log, events: log.events.toSpliced(place, 0, event) }).differences).not.toEqual(
        [],
      );
      const after = log.events[place + 1];
      if (after === undefined) return;
      // Nothing but the chain says which of two people was first
      if (isRegression([after, event]) || [event, after].some(({ type }) => type === 'AlertAcknowledged'))
        return;
      const swapped = log.events.toSpliced(place, 2, after, event);
      expect(verdictOn({ ...log, events: swapped }).differences).not.toEqual([]);
    }),
    { numRuns },
  );
});

test('a result that was changed after the fact is found where it made a difference', () => {
  const log = logOf('S', 'F', 'F', 'S');
  const observed = log.observed.with(1, { ...pick(log.observed, 1), outcome: 'up', result: 'success' });
  expect(verdictOn({ ...log, observed }).differences[0]).toMatchObject({ type: 'AlertRaised' });
});
