import type { LoggedEvent } from '@tocsin/contracts';
import { assertNever, type Instant } from '@tocsin/kernel';
import type { JobOfRun, LiveRun, MadeRunTrigger } from '@tocsin/monitoring';

/** A run as the queue keeps it. */
export interface QueuedRun {
  readonly runId: string;
  readonly jobId: string;
  readonly project: string;
  readonly slot: Instant;
  readonly trigger: MadeRunTrigger;
  readonly state: LiveRun['state'] | 'finished';
  readonly queuedAt: Instant;
  /** others were told that it is queued */
  readonly announced: boolean;
  /** where in CONFIG it was asked for; 0 when the clock did */
  readonly configSequence: number;
  readonly location?: string | undefined;
  readonly cancelRequestedAt?: Instant | undefined;
  readonly dispatchedAt?: Instant | undefined;
  readonly startedAt?: Instant | undefined;
  readonly deadlineAt?: Instant | undefined;
  readonly finishedAt?: Instant | undefined;
}

const RUN_EVENTS = ['RunRequested', 'RunCancelRequested', 'RunQueued', 'RunStarted', 'RunCompleted'] as const;
/** What moves a run. */
export type RunEvent = LoggedEvent<(typeof RUN_EVENTS)[number]>;

export const isRunEvent = <E extends LoggedEvent>(event: E): event is E & RunEvent =>
  RUN_EVENTS.some((type) => type === event.type);

type Known = QueuedRun | undefined;

/**
 * A run only goes forward: what comes late or again finds it where it is, or further.
 * @returns the very run it was given when the event changes nothing
 */
export function evolveRun(known: Known, event: RunEvent): Known {
  switch (event.type) {
    case 'RunRequested': {
      const { runId, jobId, project, trigger, changedAt } = event.data;
      const asked = { slot: changedAt, queuedAt: changedAt, trigger, configSequence: event.sequence };
      return known ?? { runId, jobId, project, ...asked, state: 'queued', announced: false };
    }
    case 'RunCancelRequested':
      if (known === undefined || known.state === 'finished' || known.cancelRequestedAt !== undefined)
        return known;
      return { ...known, cancelRequestedAt: event.data.changedAt };
    case 'RunQueued': {
      const { runId, jobId, project, slot, trigger, queuedAt, location } = event.data;
      if (known !== undefined) return known.announced ? known : { ...known, announced: true };
      const queued = { slot, trigger, queuedAt, location, configSequence: 0, announced: true };
      return { runId, jobId, project, ...queued, state: 'queued' };
    }
    case 'RunStarted': {
      if (known === undefined || known.state === 'running' || known.state === 'finished') return known;
      const { startedAt, deadlineAt, location } = event.data;
      return { ...known, state: 'running', startedAt, deadlineAt, location };
    }
    case 'RunCompleted': {
      const { runId, jobId, project, slot, trigger, finishedAt } = event.data;
      // A reported run never was in this queue.
      if (trigger === 'reported' || known?.state === 'finished') return known;
      if (known !== undefined) return { ...known, state: 'finished', announced: true, finishedAt };
      const over = { slot, trigger, queuedAt: slot, configSequence: 0, announced: true, finishedAt };
      return { runId, jobId, project, ...over, state: 'finished' };
    }
    default:
      return assertNever(event);
  }
}

/** As the rules see it; undefined when it is over. */
export function liveRun(run: QueuedRun, job: JobOfRun | undefined, isHeardOut: boolean): LiveRun | undefined {
  const { runId, jobId, project, queuedAt, cancelRequestedAt, state } = run;
  const base = { runId, jobId, project, queuedAt, cancelRequestedAt, job, isHeardOut };
  if (state === 'finished') return undefined;
  if (state === 'queued') return { ...base, state };
  if (state === 'dispatched') return { ...base, state, dispatchedAt: run.dispatchedAt ?? queuedAt };
  return { ...base, state, deadlineAt: run.deadlineAt ?? queuedAt };
}
