import { derivedId, type Instant } from '@tocsin/kernel';
import type {
  AlertType,
  Evidence,
  PolicyChanged,
  RaiseReason,
  ResolveReason,
  UntoldReason,
} from './alert.js';
import { evolve } from './evolve.js';
import { evidenceOf, type Observation } from './observation.js';
import { alertBase, resolution } from './resolution.js';
import type { AlertEvent, TargetState } from './target-state.js';

/** Something is wrong by one type of alert. */
export interface Trouble {
  readonly type: AlertType;
  /** whether it is worth an alert; an open one stays open either way */
  readonly reached: boolean;
  readonly since: Instant | undefined;
  readonly reason: RaiseReason;
  readonly locations: readonly string[];
  /** the result itself when absent */
  readonly evidence?: readonly Evidence[];
  /** why nobody wants to hear of it */
  readonly unwanted?: UntoldReason | undefined;
}

/** What one result does to the episodes of its target: opens, tells and ends them, one event after the other. */
export function createCourse(
  seen: Observation,
  counted: TargetState,
  policy: PolicyChanged,
  position: number,
) {
  const events: AlertEvent[] = [];
  let state = counted;
  const emit = (event: AlertEvent) => {
    events.push(event);
    state = evolve(state, event);
  };
  const { mutedUntil } = policy.alertConfig;
  const muted = mutedUntil !== undefined && seen.finishedAt < mutedUntil;

  function trouble({ type, reached, since, reason, locations, evidence, unwanted }: Trouble): void {
    const open = state.episodes[type];
    const untold = unwanted ?? (muted ? 'muted' : undefined);
    const common = { ...alertBase(policy, type, position), evidence: evidence ?? [evidenceOf(seen)] };
    if (open === undefined) {
      if (!reached) return;
      emit({
        type: 'AlertRaised',
        data: {
          alertId: derivedId('alert', policy.target.id, type, seen.slot, seen.location),
          ...common,
          reason,
          raisedAt: seen.finishedAt,
          since: since ?? seen.slot,
          locations,
          ...(untold === undefined ? {} : { untold }),
        },
      });
    } else if (open.untold !== undefined && untold === undefined) {
      const { alertId, raisedAt, since: openSince } = open;
      emit({
        type: 'AlertUnmuted',
        data: { alertId, ...common, raisedAt, unmutedAt: seen.finishedAt, since: openSince },
      });
    }
  }

  function end(type: AlertType, reason: ResolveReason): void {
    if (state.episodes[type] === undefined) return;
    const ending = { type, reason, resolvedAt: seen.finishedAt, evidence: [evidenceOf(seen)] };
    const event = resolution(state, policy, ending, position);
    if (event !== undefined) emit(event);
  }

  return {
    events,
    state: () => state,
    isOpen: (type: AlertType) => state.episodes[type] !== undefined,
    trouble,
    end,
  };
}

export type Course = ReturnType<typeof createCourse>;
