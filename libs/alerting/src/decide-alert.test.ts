import { expect, test } from 'vitest';
import { DEFAULT_ALERT_CONFIG, decideAlert, decidePolicy, INITIAL_TARGET_STATE } from './index.js';

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
function told(results: string, failureThreshold: number, recoveryThreshold: number): string[] {
  const target = { id: 'a', kind: 'monitor', name: 'a', url: '' } as const;
  const alertConfig = { ...DEFAULT_ALERT_CONFIG, enabled: true, failureThreshold, recoveryThreshold };
  const change = {
    project: 'default',
    target,
    policyRevision: 1,
    enabled: true,
    deleted: false,
    alertConfig,
    locations: ['local'],
    quorum: 'any',
    changedAt: at(0),
  };
  let { state } = decidePolicy(change, INITIAL_TARGET_STATE, 0);
  return results.split('').flatMap((letter, i) => {
    const result = letter === 'F' ? 'failure' : 'success';
    const seen = {
      eventId: String(i),
      slot: at(i),
      finishedAt: at(i),
      location: 'local',
      outcome: result,
      latencyMs: 1,
      result,
    } as const;
    const decision = decideAlert(seen, state, i);
    state = decideAlert(seen, decision.state, i).state;
    return decision.events.map((event) => `${i} ${event.type}`);
  });
}

test.each([
  ['K1 a recovery threshold of two still recovers', 'FFFSS', 3, 2, ['2 AlertRaised', '4 AlertResolved']],
  ['K2 a blip below the threshold never recovers', 'SFSS', 3, 1, []],
  ['K3 a target down from its first check alerts on it', 'FF', 1, 1, ['0 AlertRaised']],
  ['K7 a threshold of two needs two failures', 'FF', 2, 1, ['1 AlertRaised']],
  ['K9 an episode raises once', 'FFFFFF', 1, 1, ['0 AlertRaised']],
])('%s', (_title, results, failures, recoveries, events) => {
  expect(told(results, failures, recoveries)).toEqual(events);
});
