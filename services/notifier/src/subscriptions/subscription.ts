import type { SubscribedType } from '@tocsin/contracts';
import type { Instant, JsonObject } from '@tocsin/kernel';
import type { SubscriptionStanding } from '@tocsin/notifying';

/** A subscription as it was configured. */
export interface SubscriptionRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly event_types: readonly SubscribedType[];
  /** null: with the first event there is */
  readonly start_at: Instant | null;
  /** without its secrets */
  readonly config: JsonObject;
  readonly secret_version: number | null;
  readonly revision: number;
  readonly deleted: boolean;
}

export const SUBSCRIBED_STREAMS = ['ALERTS', 'STATUS'] as const;
export type SubscribedStream = (typeof SUBSCRIBED_STREAMS)[number];

/** Everything up to it was sent or is not wanted. Sequence 0: nothing was; it begins at that instant, or with the first. */
export interface Place {
  readonly sequence: number;
  /** when the stream took the event of that sequence */
  readonly at: Instant | null;
}

/** How far a subscription has come, and how it takes what it is sent. */
export interface SubscriptionState {
  readonly subscription_id: string;
  /** of the settings it stands under */
  readonly revision: number;
  /** of the settings that said where it begins */
  readonly start_revision: number;
  readonly places: Readonly<Record<SubscribedStream, Place>>;
  readonly standing: SubscriptionStanding;
  readonly last_event_id: string | null;
  readonly last_event_type: string | null;
  readonly last_event_time: Instant | null;
  readonly last_delivered_at: Instant | null;
  /** to the attempt before, when that failed */
  readonly last_answer: { readonly status: number; readonly reason: string } | null;
  readonly delivered: number;
  readonly attempts: number;
}

/** An event a subscription wants. */
export interface Item {
  readonly stream: SubscribedStream;
  readonly sequence: number;
  readonly at: Instant;
  readonly project: string;
  readonly type: SubscribedType;
  readonly id: string;
  readonly time: Instant;
  /** the CloudEvent as it is sent */
  readonly text: () => string;
}

export const startRevisionOf = ({ config, revision }: SubscriptionRow): number =>
  typeof config.startRevision === 'number' ? config.startRevision : revision;

/**
 * Where a subscription stands under its settings. Others than those it stood under deserve a new chance at once; a new
 * beginning moves it there.
 */
export function stateUnder(row: SubscriptionRow, known: SubscriptionState | undefined): SubscriptionState {
  const start_revision = startRevisionOf(row);
  const begin: Place = { sequence: 0, at: row.start_at };
  const fresh = { places: { ALERTS: begin, STATUS: begin }, standing: { state: 'delivering' } } as const;
  if (known === undefined)
    return {
      subscription_id: row.id,
      revision: row.revision,
      start_revision,
      ...fresh,
      last_event_id: null,
      last_event_type: null,
      last_event_time: null,
      last_delivered_at: null,
      last_answer: null,
      delivered: 0,
      attempts: 0,
    };
  if (row.revision <= known.revision) return known;
  const { standing, places } = fresh;
  const moved = start_revision > known.start_revision ? { start_revision, places } : {};
  return { ...known, revision: row.revision, standing, last_answer: null, ...moved };
}
