import { assertNever, type Instant } from '@tocsin/kernel';
import type { Quorum } from './monitor.js';
import type { Outcome } from './outcome.js';
import type { RunStatus } from './run.js';
import type { Status, StatusChanged, TargetKind } from './status.js';

/** From this many errors in a row a location says nothing about its target any more (R7). */
export const UNKNOWN_AFTER_ERRORS = 2;

/** What one location last said. A single error leaves its verdict standing. */
export interface LocationState {
  readonly lastSlot: Instant;
  /** absent until the first check that could be made */
  readonly verdict?: Exclude<Outcome, 'error'> | undefined;
  readonly errorsInARow: number;
}

export interface StatusState {
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly project: string;
  readonly status: Status;
  readonly enabled: boolean;
  /** nothing counts any more; its last status stands */
  readonly deleted?: boolean | undefined;
  /** results for earlier slots belong to the time before a pause; absent before the first configuration */
  readonly enabledAt?: Instant | undefined;
  /** empty: results count as one voice wherever they came from (jobs, heartbeats) */
  readonly locations: readonly string[];
  readonly quorum: Quorum;
  readonly byLocation: Readonly<Record<string, LocationState>>;
}

export type StatusInput =
  | {
      readonly type: 'configured';
      readonly enabled: boolean;
      readonly enabledAt: Instant;
      readonly locations: readonly string[];
      readonly quorum: Quorum;
      readonly changedAt: Instant;
    }
  | { readonly type: 'deleted' }
  | {
      readonly type: 'check_completed';
      readonly slot: Instant;
      readonly location: string;
      readonly outcome: Outcome;
      readonly finishedAt: Instant;
    }
  | {
      readonly type: 'run_completed';
      readonly slot: Instant;
      readonly status: RunStatus;
      readonly finishedAt: Instant;
    };

/** Why the status is what it is. */
export type StatusReason =
  | 'disabled'
  | 'no_result_yet'
  | 'succeeding'
  | 'degraded'
  | 'some_locations_failing'
  | 'failing'
  | 'not_observable';

/** Why nothing changed. */
export type StatusUnchangedReason =
  | 'same_status'
  | 'late_slot'
  | 'cancelled'
  | 'paused'
  | 'deleted'
  | 'location_not_configured';

export interface StatusDecision {
  readonly event?: StatusChanged;
  readonly reason: StatusReason | StatusUnchangedReason;
  readonly state: StatusState;
}

interface Verdict {
  readonly status: Status;
  readonly reason: StatusReason;
}

/** The one voice of a target without locations. */
const ANYWHERE = '';

export function initialStatus(target: {
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly project: string;
}): StatusState {
  const { targetId, targetKind, project } = target;
  return {
    targetId,
    targetKind,
    project,
    status: 'pending',
    enabled: true,
    locations: [],
    quorum: 'any',
    byLocation: {},
  };
}

/** Folds one result or configuration; exactly one `StatusChanged` when, and only when, the status differs after it. */
export function decideStatus(input: StatusInput, state: StatusState): StatusDecision {
  if (state.deleted) return { reason: 'deleted', state };
  switch (input.type) {
    case 'deleted':
      return { reason: 'deleted', state: { ...state, deleted: true } };
    case 'configured':
      return concluded(configured(input, state), input.changedAt);
    case 'check_completed':
      return counted(state, { ...input, errorWeight: 1 });
    case 'run_completed':
      if (input.status === 'cancelled') return { reason: 'cancelled', state };
      return counted(state, {
        slot: input.slot,
        location: ANYWHERE,
        outcome: outcomeOfRun(input.status),
        finishedAt: input.finishedAt,
        // runs are rare: one that could not be made is reason enough
        errorWeight: UNKNOWN_AFTER_ERRORS,
      });
    default:
      return assertNever(input);
  }
}

/** A job's test that ran too long failed; one that could not be run says nothing about what it tests. */
export function outcomeOfRun(status: RunStatus): Outcome {
  switch (status) {
    case 'passed':
      return 'up';
    case 'failed':
    case 'timeout':
      return 'down';
    case 'error':
    case 'cancelled':
      return 'error';
    default:
      return assertNever(status);
  }
}

/** How many failing locations make the monitor down (R9): never none, never more than there are. */
export function quorumSize(quorum: Quorum, locationCount: number): number {
  if (quorum === 'any') return 1;
  if (quorum === 'all') return Math.max(1, locationCount);
  if (quorum === 'majority') return Math.floor(locationCount / 2) + 1;
  return Math.max(1, Math.min(quorum, locationCount));
}

function configured(input: Extract<StatusInput, { type: 'configured' }>, state: StatusState): StatusState {
  const { enabled, enabledAt, locations, quorum } = input;
  const restarted = enabledAt !== state.enabledAt || enabled !== state.enabled;
  const voices = locations.length === 0 ? [ANYWHERE] : locations;
  // A restarted target forgets what it was, not which slots it has counted.
  const kept = voices.flatMap((location) => {
    const before = locationState(state, location);
    if (!before) return [];
    return [[location, restarted ? { lastSlot: before.lastSlot, errorsInARow: 0 } : before] as const];
  });
  return { ...state, enabled, enabledAt, locations, quorum, byLocation: Object.fromEntries(kept) };
}

function counted(
  state: StatusState,
  result: {
    readonly slot: Instant;
    readonly location: string;
    readonly outcome: Outcome;
    readonly finishedAt: Instant;
    /** how many errors in a row one error stands for */
    readonly errorWeight: number;
  },
): StatusDecision {
  const { slot, outcome, finishedAt, errorWeight } = result;
  if (!state.enabled) return { reason: 'paused', state };
  const location = state.locations.length === 0 ? ANYWHERE : result.location;
  if (state.locations.length > 0 && !state.locations.includes(location)) {
    return { reason: 'location_not_configured', state };
  }
  const before = locationState(state, location);
  const isLate =
    (before !== undefined && slot <= before.lastSlot) ||
    (state.enabledAt !== undefined && slot < state.enabledAt);
  if (isLate) return { reason: 'late_slot', state };
  const after: LocationState =
    outcome === 'error'
      ? {
          lastSlot: slot,
          verdict: before?.verdict,
          errorsInARow: (before?.errorsInARow ?? 0) + errorWeight,
        }
      : { lastSlot: slot, verdict: outcome, errorsInARow: 0 };
  return concluded({ ...state, byLocation: { ...state.byLocation, [location]: after } }, finishedAt, slot);
}

function concluded(state: StatusState, changedAt: Instant, slot?: Instant): StatusDecision {
  const { status, reason } = verdictOf(state);
  if (status === state.status) return { reason: 'same_status', state };
  const { targetId, targetKind, project } = state;
  return {
    event: {
      targetId,
      targetKind,
      project,
      from: state.status,
      to: status,
      reason,
      changedAt,
      ...(slot !== undefined && { slot }),
    },
    reason,
    state: { ...state, status },
  };
}

/** A monitor is down by its quorum alone; short of it, one location that reaches the target is enough to say so. */
function verdictOf(state: StatusState): Verdict {
  if (!state.enabled) return { status: 'paused', reason: 'disabled' };
  const voices = state.locations.length === 0 ? [ANYWHERE] : state.locations;
  const said = voices.map((location) => locationStatus(locationState(state, location)));
  const count = (status: Status) => said.filter((one) => one === status).length;
  if (count('down') >= quorumSize(state.quorum, voices.length)) return { status: 'down', reason: 'failing' };
  if (count('degraded') > 0) return { status: 'degraded', reason: 'degraded' };
  if (count('up') > 0) {
    return count('down') > 0
      ? { status: 'degraded', reason: 'some_locations_failing' }
      : { status: 'up', reason: 'succeeding' };
  }
  if (count('unknown') > 0) return { status: 'unknown', reason: 'not_observable' };
  return { status: 'pending', reason: 'no_result_yet' };
}

function locationStatus(location: LocationState | undefined): Status {
  if (!location) return 'pending';
  if (location.errorsInARow >= UNKNOWN_AFTER_ERRORS) return 'unknown';
  return location.verdict ?? 'pending';
}

function locationState(state: StatusState, location: string): LocationState | undefined {
  return Object.hasOwn(state.byLocation, location) ? state.byLocation[location] : undefined;
}
