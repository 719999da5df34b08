import { expect, test } from 'vitest';
import { episodesOf, foldHistory, INITIAL_TARGET_STATE, type KnownAlert, seedAt } from './index.js';
import { lived } from './life.fixture.js';
import { type Edit, minute, type Step } from './story.fixture.js';

/** What a life comes to that is only looked at from a minute on, with the alerts of the log. */
function lookedAtFrom(start: number, given: Edit, ...script: Step[]) {
  const { steps, events } = lived({ locations: ['local'], ...given }, script);
  const alerts = events.flatMap((event): KnownAlert[] => {
    if (event.type !== 'AlertRaised') return [];
    const { alertId: id, ...data } = event.data;
    const end = episodesOf(events).find(({ alertId }) => alertId === id)?.resolvedAt;
    return [{ ...data, id, resolvedEvidence: [], ...(end === undefined ? {} : { resolvedAt: end }) }];
  });
  const at = minute(start);
  const { seed, open } = seedAt(at, alerts, given.alertConfig?.flapThreshold);
  const later = steps.filter((step) => step.kind !== 'result' || step.observation.finishedAt >= at);
  const whole = episodesOf(foldHistory(steps, INITIAL_TARGET_STATE).events);
  return {
    seen: episodesOf(foldHistory(later, seed).events, open),
    whole: whole.filter(({ resolvedAt }) => resolvedAt === undefined || resolvedAt >= at),
  };
}

test.each<[string, number, Edit, Step[]]>([
  ['an outage', 4, {}, ['S F F F F S S F S']],
  ['an outage that is told late', 4, { alertConfig: { mutedUntil: minute(5) } }, ['S F F F F F S']],
  ['a certificate', 3, { alertConfig: { alertOnSslExpiration: true } }, ['C90 C3 C3 C2 C90 S']],
  ['a time in which nobody could look', 8, {}, ['S E E E E E E E E S']],
  ['a time out of a job', 3, { kind: 'job', alertConfig: { alertOnTimeout: true } }, ['T T T S']],
  ['flapping', 4, { alertConfig: { flapThreshold: 2 } }, ['F S F S S S S S F S S S S S S S']],
])('%s that is under way at the first look ends as it did', (_name, start, given, script) => {
  const { seen, whole } = lookedAtFrom(start, given, ...script);
  expect(whole.length).toBeGreaterThan(0);
  expect(seen).toEqual(whole);
});
