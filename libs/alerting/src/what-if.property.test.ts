import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldHistory } from './history.js';
import { type AlertEvent, episodesOf, INITIAL_TARGET_STATE } from './index.js';
import { LOCATIONS, lived, rolledUp } from './life.fixture.js';
import { type Edit, minute, type Step } from './story.fixture.js';
import { whatIf, withChange } from './what-if.js';

const threshold = fc.integer({ min: 1, max: 7 });
const alertConfigChange = fc.record(
  {
    enabled: fc.boolean(),
    failureThreshold: threshold,
    recoveryThreshold: threshold,
    alertOnFailure: fc.boolean(),
    alertOnSslExpiration: fc.boolean(),
    flapThreshold: fc.integer({ min: 0, max: 3 }),
    mutedUntil: fc.integer({ min: 0, max: 90 }).map(minute),
  },
  { requiredKeys: [] },
);
const edit: fc.Arbitrary<Edit> = fc.record(
  {
    enabled: fc.boolean(),
    locations: fc.subarray(LOCATIONS, { minLength: 1 }),
    quorum: fc.constantFrom('any', 'majority', 'all', '2'),
    alertConfig: alertConfigChange,
  },
  { requiredKeys: [] },
);
const location = fc.constantFrom(...LOCATIONS);
const spell = fc
  .tuple(location, fc.integer({ min: 1, max: 14 }))
  .map(([where, times]) => Array.from({ length: times }, () => `${where}:S`).join(' '));
const trouble = fc
  .array(fc.tuple(location, fc.constantFrom('F', 'F', 'F', 'S', 'E', 'C3', 'C90')), {
    minLength: 1,
    maxLength: 8,
  })
  .map((steps) => steps.map(([where, what]) => `${where}:${what}`).join(' '));
/** Long good times, short bad ones, now and then an edit. */
const lifeScript: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: spell },
    { weight: 5, arbitrary: trouble },
    { weight: 1, arbitrary: edit },
    { weight: 1, arbitrary: fc.constant('+1h') },
  ),
  { maxLength: 16 },
);

const withoutPosition = (events: readonly AlertEvent[]) =>
  events.map(({ type, data: { position: _position, ...data } }) => ({ type, data }));
const fold = (steps: Parameters<typeof foldHistory>[0]) => foldHistory(steps, INITIAL_TARGET_STATE);

test('what was stored gives the very events that were decided when it happened', () => {
  fc.assert(
    fc.property(alertConfigChange, lifeScript, (alertConfig, script) => {
      const { events, steps } = lived({ alertConfig }, script);
      expect(withoutPosition(fold(steps).events)).toEqual(withoutPosition(events));
    }),
    { numRuns: 300 },
  );
});

test('many successes in one step give the same events as one by one', () => {
  fc.assert(
    fc.property(alertConfigChange, alertConfigChange, lifeScript, (alertConfig, change, script) => {
      const steps = lived({ alertConfig }, script).steps.map((step) => withChange(step, change));
      expect(withoutPosition(fold(rolledUp(steps)).events)).toEqual(withoutPosition(fold(steps).events));
    }),
    { numRuns: 1000 },
  );
});

test('and, where nothing is edited, the same counters', () => {
  fc.assert(
    fc.property(alertConfigChange, lifeScript, (alertConfig, script) => {
      const { steps } = lived(
        { alertConfig },
        script.filter((step) => typeof step === 'string'),
      );
      expect(fold(rolledUp(steps)).state).toEqual(fold(steps).state);
    }),
    { numRuns: 300 },
  );
});

test('what-if under another configuration is what a life under that configuration would have been', () => {
  fc.assert(
    fc.property(alertConfigChange, alertConfigChange, lifeScript, (was, change, script) => {
      const recorded = lived({ alertConfig: was }, script);
      // The same life, with the change made to every edit
      const { events } = lived(
        { alertConfig: { ...was, ...change } },
        script.map((step) =>
          typeof step === 'string' ? step : { ...step, alertConfig: { ...step.alertConfig, ...change } },
        ),
      );
      const history = { seed: INITIAL_TARGET_STATE, open: [], steps: rolledUp(recorded.steps) };
      const answer = whatIf(history, change, minute(0));
      expect(answer.after).toEqual(episodesOf(events));
      expect(answer.before).toEqual(episodesOf(recorded.events));
    }),
    { numRuns: 1000 },
  );
});

test('no change makes no difference', () => {
  fc.assert(
    fc.property(alertConfigChange, lifeScript, (was, script) => {
      const { steps } = lived({ alertConfig: was }, script);
      const { compared } = whatIf({ seed: INITIAL_TARGET_STATE, open: [], steps }, {}, minute(0));
      expect([compared.added, compared.removed, compared.changed]).toEqual([[], [], []]);
    }),
  );
});
