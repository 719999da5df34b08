import type { Instant } from '@tocsin/kernel';
import {
  decideStatus,
  initialStatus,
  type Outcome,
  type StatusChanged,
  type StatusInput,
  type StatusState,
} from '@tocsin/monitoring';

/** What is kept of a monitor or job between batches. */
export interface Target {
  readonly status: StatusState;
  /** of the configuration in force; 0 before the first */
  readonly revision: number;
  /** RESULTS sequence of the last result folded; 0 before the first */
  readonly lastSequence: number;
  /** a rebuild met configuration whose place among the results is further on */
  readonly configWaits: boolean;
  readonly lastCheckAt?: Instant | undefined;
  readonly lastOutcome?: Outcome | undefined;
  readonly lastLatencyMs?: number | undefined;
  readonly lastStatusChangeAt?: Instant | undefined;
}

export interface Step {
  readonly target: Target;
  readonly change?: StatusChanged | undefined;
}

export interface FinishedCheck {
  readonly sequence: number;
  readonly input: Extract<StatusInput, { type: 'check_completed' | 'run_completed' }>;
  readonly outcome: Outcome;
  readonly latencyMs: number;
}

export function newTarget(identity: Parameters<typeof initialStatus>[0]): Target {
  return { status: initialStatus(identity), revision: 0, lastSequence: 0, configWaits: false };
}

export function withStatusInput(target: Target, input: StatusInput): Step {
  const { event, state } = decideStatus(input, target.status);
  if (event === undefined) return { target: { ...target, status: state } };
  return { target: { ...target, status: state, lastStatusChangeAt: event.changedAt }, change: event };
}

/** The last check is the one that finished last, whether its slot counted or not. */
export function withResult(target: Target, { sequence, input, outcome, latencyMs }: FinishedCheck): Step {
  const step = withStatusInput(target, input);
  const lastSequence = Math.max(target.lastSequence, sequence);
  if (target.lastCheckAt !== undefined && input.finishedAt <= target.lastCheckAt)
    return { ...step, target: { ...step.target, lastSequence } };
  return {
    ...step,
    target: {
      ...step.target,
      lastSequence,
      lastCheckAt: input.finishedAt,
      lastOutcome: outcome,
      lastLatencyMs: latencyMs,
    },
  };
}
