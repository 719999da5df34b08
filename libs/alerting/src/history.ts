import { addMs, type Instant, msBetween } from '@tocsin/kernel';
import type { PolicyChanged } from './alert.js';
import { FLAPPING_RECOVERY_THRESHOLD } from './count.js';
import { decideAlert } from './decide-alert.js';
import { decidePolicy } from './decide-policy.js';
import type { Observation } from './observation.js';
import { DEFAULT_ALERT_CONFIG } from './policy.js';
import { type AlertEvent, INITIAL_LOCATION, type TargetState } from './target-state.js';

/** Successes in a row of a monitor at one location, and nothing else there between the first and the last. */
export interface QuietSpell {
  readonly location: string;
  readonly successes: number;
  readonly firstSlot: Instant;
  readonly lastSlot: Instant;
}

/** What happened to a target, one thing after the other. */
export type HistoryStep =
  | { readonly kind: 'result'; readonly observation: Observation }
  | { readonly kind: 'quiet'; readonly spell: QuietSpell }
  | { readonly kind: 'policy'; readonly policy: Omit<PolicyChanged, 'position'> };

export interface Folded {
  readonly events: readonly AlertEvent[];
  readonly state: TargetState;
}

/** The very rules that decide live, over what happened. Positions count the steps. */
export function foldHistory(steps: Iterable<HistoryStep>, seed: TargetState): Folded {
  const events: AlertEvent[] = [];
  let state = seed;
  let position = 0;
  const observe = (observation: Observation): number => {
    const decided = decideAlert(observation, state, position);
    state = decided.state;
    events.push(...decided.events);
    return decided.events.length;
  };
  for (const step of steps) {
    position += 1;
    if (step.kind === 'policy') {
      const decided = decidePolicy(step.policy, state, position);
      state = decided.state;
      events.push(...decided.events);
    } else if (step.kind === 'result') observe(step.observation);
    else {
      const rest = playUntilSettled(step.spell, () => state, observe);
      if (rest > 0) state = leap(state, step.spell, rest);
    }
  }
  return { events, state };
}

/**
 * Beyond these successes in a row nothing that the rules remember of a location changes but their number.
 * A location has then recovered by whatever threshold, flapping or not.
 */
export function successesThatSettle(recoveryThreshold: number): number {
  return Math.max(recoveryThreshold, FLAPPING_RECOVERY_THRESHOLD);
}

/** One by one as long as one may change something. @returns how many are left that cannot */
function playUntilSettled(
  spell: QuietSpell,
  state: () => TargetState,
  observe: (observation: Observation) => number,
): number {
  for (let n = 0; n < spell.successes; n += 1) {
    const made = observe(successOf(spell, n));
    if (made === 0 && isSettled(state(), spell.location)) return spell.successes - n - 1;
  }
  return 0;
}

function isSettled({ policy, locations }: TargetState, name: string): boolean {
  // Every success of a job may be worth an alert, or the end of a mute
  if (policy?.target.kind === 'job') return false;
  const { recoveryThreshold } = policy?.alertConfig ?? DEFAULT_ALERT_CONFIG;
  const { consecutiveSuccesses, failing } = locations[name] ?? INITIAL_LOCATION;
  const isWatched = policy?.enabled === true && !policy.deleted && policy.locations.includes(name);
  if (policy !== undefined && !isWatched) return true;
  return !failing && consecutiveSuccesses >= successesThatSettle(recoveryThreshold);
}

function leap(state: TargetState, { location: name, lastSlot }: QuietSpell, successes: number): TargetState {
  const before = state.locations[name] ?? INITIAL_LOCATION;
  const later = before.lastSlot === undefined || before.lastSlot < lastSlot ? lastSlot : before.lastSlot;
  const counted = before.consecutiveSuccesses > 0 ? before.consecutiveSuccesses + successes : 0;
  const after = { ...before, consecutiveSuccesses: counted, lastSlot: later };
  return { ...state, locations: { ...state.locations, [name]: after } };
}

/** Of a spell only its ends are known: what lies between is taken to be evenly spread. */
function successOf({ location, successes, firstSlot, lastSlot }: QuietSpell, n: number): Observation {
  const length = msBetween(firstSlot, lastSlot);
  const slot = successes < 2 ? lastSlot : addMs(firstSlot, Math.round((length * n) / (successes - 1)));
  return {
    eventId: '',
    slot,
    finishedAt: slot,
    location,
    outcome: 'up',
    latencyMs: 0,
    result: 'success',
  };
}
