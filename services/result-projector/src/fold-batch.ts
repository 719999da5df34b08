import type { InputEvent } from '@tocsin/event-log';
import { derivedId, PermanentError } from '@tocsin/kernel';
import { outcomeOfRun, type StatusChanged } from '@tocsin/monitoring';
import { type ConfigChange, configChange, type PlacedChange } from './config-change.js';
import {
  type FinishedCheck,
  newTarget,
  type Step,
  type Target,
  withResult,
  withStatusInput,
} from './target.js';

/** What of the tables a batch depends on. */
export interface Known {
  readonly targets: ReadonlyMap<string, Target>;
  /** changes folded before, by target, in order of revision; loaded where a rebuild or its rest needs them */
  readonly placed: ReadonlyMap<string, readonly PlacedChange[]>;
}

export interface ToldChange {
  readonly id: string;
  readonly change: StatusChanged;
  readonly traceparent?: string | undefined;
  /** false for what was told before the tables were emptied */
  readonly isNews: boolean;
}

export interface Folded {
  readonly targets: Target[];
  readonly changes: ToldChange[];
  /** changes with the place they have now: to be kept for the next rebuild */
  readonly placed: PlacedChange[];
}

/** Ids of the monitors and jobs that a batch is about. */
export function targetsOf(events: readonly InputEvent[]): string[] {
  const ids = new Set<string>();
  for (const event of events) if (event.type !== 'CheckMissed') ids.add(event.entityId.toLowerCase());
  return [...ids];
}

/**
 * Folds a batch over what is known.
 * @param left targets whose waiting configuration has nothing more to wait for: the rebuild is over
 */
export function foldBatch(
  events: readonly InputEvent[],
  known: Known,
  mode: 'live' | 'rebuild',
  left: readonly string[] = [],
): Folded {
  const targets = new Map<string, Target>();
  const changes: ToldChange[] = [];
  const placedNow: PlacedChange[] = [];
  const waiting = new Map<string, PlacedChange[]>();
  const waitingOf = (id: string) => {
    const list = waiting.get(id) ?? [...(known.placed.get(id) ?? [])];
    waiting.set(id, list);
    return list;
  };
  const targetOf = (id: string, identity: { targetKind: 'monitor' | 'job'; project: string }): Target =>
    targets.get(id) ?? known.targets.get(id) ?? newTarget({ targetId: id, ...identity });

  function take(
    step: Step,
    cause: { id: string; traceparent?: string | undefined },
    isNews: boolean,
  ): Target {
    const { target, change } = step;
    targets.set(target.status.targetId, target);
    if (change !== undefined)
      changes.push({
        id: derivedId('status-changed', cause.id),
        change,
        isNews,
        ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
      });
    return target;
  }

  function apply(target: Target, change: PlacedChange): Target {
    const isNews = mode === 'live' && change.position === undefined;
    const step = withStatusInput({ ...target, revision: change.revision }, change.input);
    const after = take(step, { id: change.eventId }, isNews);
    if (change.position === undefined || change.position > after.lastSequence)
      placedNow.push({ ...change, position: after.lastSequence });
    return after;
  }

  /** Applies what waits for no result after `upTo`. */
  function settle(target: Target, upTo: number): Target {
    const queue = waitingOf(target.status.targetId);
    let settled = target;
    for (const change of queue) {
      if (change.revision <= settled.revision) continue;
      if ((change.position ?? Infinity) > upTo) break;
      settled = apply(settled, change);
    }
    const configWaits = queue.some(({ revision }) => revision > settled.revision);
    if (configWaits === settled.configWaits) return settled;
    settled = { ...settled, configWaits };
    targets.set(settled.status.targetId, settled);
    return settled;
  }

  function foldChange(change: ConfigChange): void {
    const target = targetOf(change.targetId, change);
    if (change.revision <= target.revision) return;
    if (mode === 'live' && !target.configWaits) {
      apply(target, { ...change, position: undefined });
      return;
    }
    const queue = waitingOf(change.targetId);
    if (!queue.some(({ revision }) => revision === change.revision)) {
      const unplaced = { ...change, position: undefined };
      queue.push(unplaced);
      placedNow.push(unplaced);
    }
    settle(target, target.lastSequence);
  }

  function foldResult(event: InputEvent, target: Target, check: FinishedCheck): void {
    const before = target.configWaits ? settle(target, check.sequence - 1) : target;
    const after = take(withResult(before, check), event, mode === 'live');
    if (after.configWaits) settle(after, check.sequence);
  }

  for (const id of left) {
    const target = known.targets.get(id);
    if (target !== undefined) settle(target, Infinity);
  }
  for (const event of events) {
    if (event.type === 'CheckCompleted') {
      const { slot, location, outcome, finishedAt, latencyMs, monitorId, project } = event.data;
      foldResult(event, targetOf(own(event, monitorId), { targetKind: 'monitor', project }), {
        sequence: event.sequence,
        input: { type: 'check_completed', slot, location, outcome, finishedAt },
        outcome,
        latencyMs,
      });
    } else if (event.type === 'RunCompleted') {
      const { slot, status, finishedAt, durationMs, jobId, project } = event.data;
      foldResult(event, targetOf(own(event, jobId), { targetKind: 'job', project }), {
        sequence: event.sequence,
        input: { type: 'run_completed', slot, status, finishedAt },
        outcome: outcomeOfRun(status),
        latencyMs: durationMs,
      });
    } else {
      const change = configChange(event);
      if (change === undefined) continue;
      own(event, change.targetId);
      foldChange(change);
    }
  }
  return { targets: [...targets.values()], changes, placed: placedNow };
}

/** The shard is the entity's: one that spoke for another's would write where another process does. */
function own(event: InputEvent, targetId: string): string {
  const id = event.entityId.toLowerCase();
  if (targetId.toLowerCase() !== id)
    throw new PermanentError(
      'invalid_event',
      `${event.type} of ${targetId} says it is about ${event.entityId}`,
    );
  return id;
}
