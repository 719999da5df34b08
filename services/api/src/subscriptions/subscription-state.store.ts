import { filters, type SubscribedType } from '@tocsin/contracts';
import type { EventLog } from '@tocsin/event-log';
import type { SubscriptionAttempt, SubscriptionDelivery, SubscriptionView } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { SubscriptionRow } from '../database.js';
import { unlessMissing } from '../reading/missing-view.js';

/** What the notifier says of a subscription. */
export type Told = SubscriptionDelivery & { readonly state: SubscriptionView['state'] };

type Standing =
  | { readonly state: 'delivering' }
  | { readonly state: 'retrying'; readonly since: Instant; readonly nextAttemptAt: Instant }
  | {
      readonly state: 'disabled';
      readonly reason: 'gone' | 'failing_too_long';
      readonly at: Instant;
      readonly since: Instant;
    };

interface Row {
  readonly subscription_id: string;
  readonly revision: number;
  readonly start_revision: number;
  readonly alerts_sequence: number;
  readonly alerts_at: Instant | null;
  readonly status_sequence: number;
  readonly status_at: Instant | null;
  readonly standing: Standing;
  readonly last_event_id: string | null;
  readonly last_event_type: string | null;
  readonly last_event_time: Instant | null;
  readonly last_delivered_at: Instant | null;
  readonly last_answer: { readonly status: number; readonly reason: string } | null;
  readonly delivered: number;
}

/** Of what was made just now: nothing can have been sent. */
export const UNTOLD: Told = {
  state: 'delivering',
  lastEventId: null,
  lastEventType: null,
  lastEventTime: null,
  lastDeliveredAt: null,
  delivered: 0,
  behind: null,
  failingSince: null,
  nextAttemptAt: null,
  lastAnswer: null,
  disabledReason: null,
  disabledAt: null,
};

/** As it is told until the notifier has seen that it was changed: what was held against it is forgotten. */
export const renewed = (told: Told): Told => {
  const { failingSince, nextAttemptAt, lastAnswer, disabledReason, disabledAt } = UNTOLD;
  return {
    ...told,
    state: 'delivering',
    failingSince,
    nextAttemptAt,
    lastAnswer,
    disabledReason,
    disabledAt,
  };
};

/** For any number of them in one query of the database; the log is asked for each. Not inside a transaction. */
export async function subscriptionStates(
  db: QueryExecutorProvider,
  log: EventLog,
  rows: readonly SubscriptionRow[],
): Promise<(id: string) => Told> {
  if (rows.length === 0) return () => UNTOLD;
  const ids = rows.map(({ id }) => id);
  const { rows: states } = await unlessMissing(
    sql<Row>`select * from notifier.subscription_state where subscription_id = any(${ids}::uuid[])`.execute(
      db,
    ),
    { rows: [] },
  );
  const known = new Map(states.map((state) => [state.subscription_id, state]));
  const told = await Promise.all(
    rows.map(async (row) => {
      const state = known.get(row.id);
      const behind = await behindOf(log, row, state);
      return [row.id, state === undefined ? { ...UNTOLD, behind } : toldOf(row, state, behind)] as const;
    }),
  );
  const byId = new Map(told);
  return (id) => byId.get(id) ?? UNTOLD;
}

function toldOf(row: SubscriptionRow, state: Row, behind: number | null): Told {
  // Settings the notifier has not seen yet are a new chance.
  const standing: Standing = state.revision < row.revision ? { state: 'delivering' } : state.standing;
  return {
    state: standing.state,
    lastEventId: state.last_event_id,
    lastEventType: state.last_event_type,
    lastEventTime: state.last_event_time,
    lastDeliveredAt: state.last_delivered_at,
    delivered: state.delivered,
    behind,
    failingSince: standing.state === 'delivering' ? null : standing.since,
    nextAttemptAt: standing.state === 'retrying' ? standing.nextAttemptAt : null,
    lastAnswer: standing.state === 'delivering' ? null : state.last_answer,
    disabledReason: standing.state === 'disabled' ? standing.reason : null,
    disabledAt: standing.state === 'disabled' ? standing.at : null,
  };
}

/** Whoever looks at a subscription does not wait for a log that is away. */
const PATIENCE_MS = 2_000;

async function behindOf(log: EventLog, row: SubscriptionRow, state: Row | undefined): Promise<number | null> {
  const begun = state !== undefined && state.start_revision >= startRevisionOf(row);
  const places = {
    ALERTS: begun ? fromOf(state.alerts_sequence, state.alerts_at) : fromOf(0, row.start_at),
    STATUS: begun ? fromOf(state.status_sequence, state.status_at) : fromOf(0, row.start_at),
  };
  const counts = subjectsOf(row).map(async ({ stream, subjects }) => {
    const { remaining } = await log.page({ stream, subjects, from: places[stream], limit: 0 });
    return remaining;
  });
  const all = Promise.all(counts).then(
    (each) => each.reduce((sum, count) => sum + count, 0),
    () => null,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null);
  });
  return await Promise.race([all, late]).finally(() => clearTimeout(timer));
}

const startRevisionOf = ({ config }: SubscriptionRow): number => Number(config.startRevision ?? 1);

function fromOf(sequence: number, at: Instant | null) {
  if (sequence > 0) return { sequence: sequence + 1 };
  return at === null ? { sequence: 1 } : { time: at };
}

const VERBS = {
  AlertRaised: 'raised',
  AlertUnmuted: 'unmuted',
  AlertResolved: 'resolved',
  AlertAcknowledged: 'acknowledged',
  PolicyChanged: 'policy',
} as const;
const isAlert = (type: SubscribedType): type is keyof typeof VERBS => Object.hasOwn(VERBS, type);

function subjectsOf({ project, event_types }: SubscriptionRow) {
  const alerts = event_types.filter(isAlert).map((type) => filters.alertsOfVerb(project, VERBS[type]));
  return [
    ...(alerts.length === 0 ? [] : [{ stream: 'ALERTS' as const, subjects: alerts }]),
    ...(event_types.includes('StatusChanged')
      ? [{ stream: 'STATUS' as const, subjects: [filters.statusOf(project)] }]
      : []),
  ];
}

interface AttemptRow {
  readonly number: number;
  readonly event_id: string;
  readonly event_type: string;
  readonly started_at: Instant;
  readonly finished_at: Instant | null;
  readonly outcome: SubscriptionAttempt['outcome'];
  readonly status: number | null;
  readonly excerpt: string;
  readonly reason: string | null;
}

/** Newest first, one more than asked for. */
export async function listAttempts(
  db: QueryExecutorProvider,
  id: string,
  before: number,
  limit: number,
): Promise<SubscriptionAttempt[]> {
  const { rows } = await unlessMissing(
    sql<AttemptRow>`select number, event_id, event_type, started_at, finished_at, outcome, status, excerpt, reason
      from notifier.subscription_attempt where subscription_id = ${id} and number < ${before}::int8
      order by number desc limit ${limit + 1}`.execute(db),
    { rows: [] },
  );
  return rows.map((row) => ({
    number: row.number,
    eventId: row.event_id,
    eventType: row.event_type,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    outcome: row.outcome,
    status: row.status,
    excerpt: row.excerpt,
    reason: row.reason,
  }));
}
