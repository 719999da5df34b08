import {
  type AlertEvent,
  type Decision,
  decideAcknowledgement,
  decideAlert,
  decidePolicy,
  evolve,
  observationOf,
  recount,
  type TargetState,
} from '@tocsin/alerting';
import { alertEventId, isPolicyCause, policyChange } from '@tocsin/contracts';
import type { InputEvent } from '@tocsin/event-log';
import { PermanentError, type Shard, shardOf } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import type { LoggedDecision } from './rebuild.store.js';
import { type KnownState, type TargetRecord, UNKNOWN } from './target-state.store.js';

/** A decision of this batch, and the event that led to it. */
export interface Made {
  readonly event: AlertEvent;
  readonly shard: Shard;
  readonly cause: InputEvent;
}

interface About {
  readonly targetId: string;
  readonly project: string;
  readonly kind: TargetKind;
  readonly shard: Shard;
}

/**
 * The monitor or job an event is about; undefined when the rules have no use for the event.
 * @throws PermanentError when the event came by the shard of another
 */
export function targetIdOf(event: InputEvent): string | undefined {
  const id = targetNamedBy(event);
  if (id !== undefined && shardOf(id) !== event.shard)
    throw new PermanentError('wrong_shard', `${event.type} is about ${id} and was published for another`);
  return id;
}

function targetNamedBy(event: InputEvent): string | undefined {
  if (event.type === 'AcknowledgementGiven') return event.data.targetId;
  if (event.type === 'CheckCompleted') return event.data.monitorId;
  if (event.type === 'RunCompleted') return event.data.jobId;
  if (!isPolicyCause(event)) return undefined;
  return 'monitorId' in event.data ? event.data.monitorId : event.data.jobId;
}

/** A batch being folded: the states as they become, and what was decided on the way. Touches nothing. */
export function createBatch(known: ReadonlyMap<string, KnownState>) {
  const records = new Map<string, TargetRecord>();
  const made: Made[] = [];
  const reasons = new Map<Decision['reason'], number>();
  const stateOf = (id: string) => records.get(id)?.state ?? (known.get(id) ?? UNKNOWN).state;

  function remember(about: About, before: TargetState, after: TargetState, position: number): void {
    if (after !== before) records.set(about.targetId, { ...about, state: after, position });
  }

  return {
    made,
    reasons,
    changed: (): TargetRecord[] => [...records.values()],

    /** Decides what a new event means. @param position last RESULTS sequence of the shard, this one included */
    decide(input: InputEvent, position: number): void {
      const id = targetIdOf(input);
      if (id === undefined) return;
      const before = stateOf(id);
      const decision = decideOn(input, before, position);
      if (decision === undefined) return;
      reasons.set(decision.reason, (reasons.get(decision.reason) ?? 0) + 1);
      remember(aboutOf(input, id, before), before, decision.state, position);
      for (const event of decision.events) made.push({ event, shard: input.shard, cause: input });
    },

    /** Counts a result of the past. @returns ids of the alert events the rules of today make of it */
    recount(input: InputEvent): string[] {
      if (input.type !== 'CheckCompleted' && input.type !== 'RunCompleted') return [];
      const id = targetIdOf(input) ?? '';
      const before = stateOf(id);
      const observation = observationOf(input.id, input.data);
      const { events } = decideAlert(observation, before, input.sequence);
      remember(aboutOf(input, id, before), before, recount(observation, before), input.sequence);
      return events.map(alertEventId);
    },

    /** Takes a decision of the past as it stands. */
    take({ event, shard }: LoggedDecision): void {
      const { target, project, position } = event.data;
      const before = stateOf(target.id);
      const about = { targetId: target.id, project, kind: target.kind, shard };
      remember(about, before, evolve(before, event), position);
    },
  };
}

export type Batch = ReturnType<typeof createBatch>;

function decideOn(input: InputEvent, before: TargetState, position: number): Decision | undefined {
  if (input.type === 'CheckCompleted' || input.type === 'RunCompleted')
    return decideAlert(observationOf(input.id, input.data), before, position);
  if (isPolicyCause(input)) return decidePolicy(policyChange(input, before.policy), before, position);
  if (input.type !== 'AcknowledgementGiven') return undefined;
  const { alertId, changedAt, changedBy, note } = input.data;
  const given = { alertId, acknowledgedAt: changedAt, acknowledgedBy: changedBy.name, note };
  return decideAcknowledgement(given, before, position);
}

function aboutOf(input: InputEvent, targetId: string, { policy }: TargetState): About {
  const isJob =
    input.type === 'RunCompleted' || input.type === 'JobConfigured' || input.type === 'JobDeleted';
  const kind = policy?.target.kind ?? (isJob ? 'job' : 'monitor');
  return { targetId, project: input.data.project, kind, shard: input.shard };
}
