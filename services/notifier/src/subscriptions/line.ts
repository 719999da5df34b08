import { filters, type SubscribedType } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';
import { settleDelivery } from '@tocsin/notifying';
import type { Delivered } from './deliver.request.js';
import { createInbox, type Inbox } from './inbox.js';
import {
  type Item,
  SUBSCRIBED_STREAMS,
  type SubscribedStream,
  type SubscriptionRow,
  type SubscriptionState,
} from './subscription.js';

/** An attempt under way. */
export interface Attempt {
  readonly row: SubscriptionRow;
  readonly number: number;
  readonly item: Item;
  readonly startedAt: Instant;
  readonly startRevision: number;
}

export interface Ended {
  readonly attempt: Attempt;
  readonly outcome: Delivered;
  readonly finishedAt: Instant;
  readonly tookMs: number;
}

/** Those who answer quickly do not wait behind those who do not, or of whom nobody knows. */
export type Lane = 'quick' | 'slow';
const QUICK_MS = 2_000;

/** A subscription that this process sends to. One attempt at a time; what is here is gone with the connection. */
export interface Line {
  readonly row: SubscriptionRow;
  readonly inboxes: Record<SubscribedStream, Inbox>;
  /** streams whose place was compared with what the stream holds there */
  readonly checked: Set<SubscribedStream>;
  state: SubscriptionState;
  lane: Lane;
  isFetching: boolean;
}

export const streamOf = (type: SubscribedType): SubscribedStream =>
  type === 'StatusChanged' ? 'STATUS' : 'ALERTS';

export const wants = ({ row }: Line, type: SubscribedType): boolean => row.event_types.includes(type);

export function createLine(row: SubscriptionRow, state: SubscriptionState, lane?: Lane): Line {
  const inboxOf = (stream: SubscribedStream) =>
    createInbox(
      state.places[stream],
      row.event_types.some((type) => streamOf(type) === stream),
    );
  return {
    row,
    state,
    inboxes: { ALERTS: inboxOf('ALERTS'), STATUS: inboxOf('STATUS') },
    checked: new Set(),
    lane: lane ?? (state.standing.state === 'delivering' && state.delivered > 0 ? 'quick' : 'slow'),
    isFetching: false,
  };
}

/** Of the project's events in a stream; one filter, because the server is slow with several. */
export const subjectsOf = (project: string, stream: SubscribedStream): string[] => [
  stream === 'ALERTS' ? filters.alertsOf(project) : filters.statusOf(project),
];

export type Action =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly until: Instant }
  | { readonly do: 'fetch'; readonly streams: readonly SubscribedStream[] }
  | { readonly do: 'send'; readonly item: Item };

export function nextAction({ row, state, inboxes }: Line, now: Instant): Action {
  const { standing } = state;
  // Settings older than those it stood under: a rebuild has not told the newer ones yet.
  if (!row.enabled || row.deleted || standing.state === 'disabled' || row.revision < state.revision)
    return { do: 'nothing' };
  if (standing.state === 'retrying' && standing.nextAttemptAt > now)
    return { do: 'wait', until: standing.nextAttemptAt };
  const streams = SUBSCRIBED_STREAMS.filter((stream) => inboxes[stream].needsPage);
  if (streams.length > 0) return { do: 'fetch', streams };
  const { head: alert } = inboxes.ALERTS;
  const { head: status } = inboxes.STATUS;
  const item = alert === undefined || (status !== undefined && status.time < alert.time) ? status : alert;
  return item === undefined ? { do: 'nothing' } : { do: 'send', item };
}

/** What it came to, in a state whose line may have gone to another process. */
export function stateAfter(
  state: SubscriptionState,
  { attempt, outcome, finishedAt }: Ended,
  around: { readonly random: number; readonly giveUpAfterMs: number | undefined },
): SubscriptionState {
  const { item, row, startRevision } = attempt;
  const told =
    outcome.result === 'delivered'
      ? {
          delivered: state.delivered + 1,
          last_event_id: item.id,
          last_event_type: item.type,
          last_event_time: item.time,
          last_delivered_at: finishedAt,
        }
      : {};
  const isMoved = outcome.result === 'delivered' && startRevision === state.start_revision;
  const place = { sequence: item.sequence, at: item.at };
  const places = isMoved ? { ...state.places, [item.stream]: place } : state.places;
  // What was sent under older settings says nothing of those in force.
  if (row.revision !== state.revision) return { ...state, ...told, places };
  const standing = settleDelivery(state.standing, outcome, { now: finishedAt, ...around });
  const last_answer =
    outcome.result === 'delivered' ? null : { status: outcome.status, reason: outcome.reason ?? '' };
  return { ...state, ...told, places, standing, last_answer };
}

/** The same in memory. */
export function applyEnd(line: Line, state: SubscriptionState, { attempt, outcome, tookMs }: Ended): void {
  line.state = state;
  line.lane = outcome.result === 'delivered' && tookMs < QUICK_MS ? 'quick' : 'slow';
  if (outcome.result === 'delivered') {
    if (attempt.startRevision === state.start_revision) line.inboxes[attempt.item.stream].done(attempt.item);
  } else for (const stream of SUBSCRIBED_STREAMS) line.inboxes[stream].drop();
}
