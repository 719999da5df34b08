import { type ConfigKind, type EventMap, type NewEvent, subjects } from '@tocsin/contracts';
import { type Instant, newId } from '@tocsin/kernel';
import { SOURCE } from '../event-tables.js';
import { actorOf, type Caller } from '../http/call.js';

type ConfigEventType = {
  [T in keyof EventMap]: EventMap[T] extends { readonly changedBy: unknown } ? T : never;
}[keyof EventMap];

/** What the caller did, apart from who and when. */
export type Change<T extends ConfigEventType> = Omit<EventMap[T], 'project' | 'changedAt' | 'changedBy'>;

/** An event, and beside it what is for the audit trail alone. */
export type ConfigEvent = NewEvent & {
  /** address of the network the change came from */
  readonly network?: string | undefined;
};

interface About {
  readonly kind: ConfigKind;
  /** last part of the subject */
  readonly id: string;
  /** decides the shard; the same as `id` unless it is about another entity's alert or notification */
  readonly entityId?: string;
}

export function configEvent<T extends ConfigEventType>(
  type: T,
  { kind, id, entityId = id }: About,
  caller: Caller,
  now: Instant,
  change: Change<T>,
): ConfigEvent {
  const { project } = caller;
  return {
    type,
    id: newId(),
    source: SOURCE,
    time: now,
    natsSubject: subjects.config(project, kind, id),
    entityId,
    data: { ...change, project, changedAt: now, changedBy: actorOf(caller) },
    network: caller.network,
  } as unknown as ConfigEvent;
}
