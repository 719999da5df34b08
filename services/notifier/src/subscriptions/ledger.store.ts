import { unnest } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Attempt, Ended } from './line.js';
import type { SubscriptionState } from './subscription.js';

type Tx = Transaction<unknown>;

/** Attempts of a subscription that are kept to be looked at. */
const KEPT = 100;
/** The old ones go in strides. */
const STRIDE = 20;

type StateRow = Omit<SubscriptionState, 'places'> & {
  readonly alerts_sequence: number;
  readonly alerts_at: Instant | null;
  readonly status_sequence: number;
  readonly status_at: Instant | null;
};

export async function loadStates(
  db: Kysely<unknown>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SubscriptionState>> {
  const { rows } = await sql<StateRow>`
    select * from notifier.subscription_state where subscription_id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.subscription_id, stateOf(row)]));
}

const stateOf = ({ alerts_sequence, alerts_at, status_sequence, status_at, ...row }: StateRow) => ({
  ...row,
  places: {
    ALERTS: { sequence: alerts_sequence, at: alerts_at },
    STATUS: { sequence: status_sequence, at: status_at },
  },
});

/** Attempts that no process can end any more: whoever made them is gone, or has lost the right to say. */
export async function interruptAttempts(
  db: Kysely<unknown>,
  ids: readonly string[],
  underWay: readonly Attempt[],
  now: Instant,
): Promise<void> {
  const own = underWay.map(({ row, number }) => ({ id: row.id, number }));
  await sql`update notifier.subscription_attempt as a set outcome = 'interrupted', finished_at = ${now}
    where a.subscription_id = any(${ids}::uuid[]) and a.outcome = 'started' and not exists (
      select 1 from ${unnest('own', { id: 'uuid', number: 'int8' }, own)}
      where own.id = a.subscription_id and own.number = a.number)`.execute(db);
}

/** @returns those that were still ours to end: nobody has taken them for interrupted meanwhile */
export async function endAttempts(tx: Tx, ended: readonly Ended[]): Promise<readonly Ended[]> {
  if (ended.length === 0) return [];
  const rows = ended.map(({ attempt, outcome, finishedAt }) => ({
    id: attempt.row.id,
    number: attempt.number,
    finished_at: finishedAt,
    outcome: outcome.result,
    status: outcome.status,
    excerpt: outcome.excerpt,
    reason: outcome.reason,
  }));
  const { rows: ours } = await sql<{ id: string; number: number }>`
    update notifier.subscription_attempt as a set finished_at = r.finished_at, outcome = r.outcome,
      status = r.status, excerpt = r.excerpt, reason = r.reason
    from ${unnest(
      'r',
      {
        id: 'uuid',
        number: 'int8',
        finished_at: 'timestamptz',
        outcome: 'text',
        status: 'int4',
        excerpt: 'text',
        reason: 'text',
      },
      rows,
    )}
    where a.subscription_id = r.id and a.number = r.number and a.outcome = 'started'
    returning a.subscription_id as id, a.number`.execute(tx);
  const known = new Set(ours.map(({ id, number }) => `${id} ${number}`));
  return ended.filter(({ attempt }) => known.has(`${attempt.row.id} ${attempt.number}`));
}

/** Committed before anything is sent: an attempt that nobody recorded never happens. */
export async function startAttempts(tx: Tx, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map(({ row, number, item, startedAt }) => ({
    id: row.id,
    number,
    event_id: item.id,
    event_type: item.type,
    started_at: startedAt,
  }));
  await sql`insert into notifier.subscription_attempt
      (subscription_id, number, event_id, event_type, started_at, outcome)
    select id, number, event_id, event_type, started_at, 'started' from ${unnest(
      'a',
      { id: 'uuid', number: 'int8', event_id: 'text', event_type: 'text', started_at: 'timestamptz' },
      rows,
    )}`.execute(tx);
  const old = rows
    .filter(({ number }) => number % STRIDE === 0)
    .map(({ id, number }) => ({ id, number: number - KEPT }));
  if (old.length > 0)
    await sql`delete from notifier.subscription_attempt as a
      using ${unnest('old', { id: 'uuid', number: 'int8' }, old)}
      where a.subscription_id = old.id and a.number <= old.number`.execute(tx);
}

export async function saveStates(tx: Tx, states: readonly SubscriptionState[]): Promise<void> {
  if (states.length === 0) return;
  const rows = states.map(({ places, ...state }) => ({
    ...state,
    alerts_sequence: places.ALERTS.sequence,
    alerts_at: places.ALERTS.at,
    status_sequence: places.STATUS.sequence,
    status_at: places.STATUS.at,
  }));
  const columns = {
    subscription_id: 'uuid',
    revision: 'int4',
    start_revision: 'int4',
    standing: 'jsonb',
    last_event_id: 'text',
    last_event_type: 'text',
    last_event_time: 'timestamptz',
    last_delivered_at: 'timestamptz',
    last_answer: 'jsonb',
    delivered: 'int8',
    attempts: 'int8',
    alerts_sequence: 'int8',
    alerts_at: 'timestamptz',
    status_sequence: 'int8',
    status_at: 'timestamptz',
  } as const;
  const names = sql.raw(Object.keys(columns).join(', '));
  const changes = sql.raw(
    Object.keys(columns)
      .map((name) => `${name} = excluded.${name}`)
      .join(', '),
  );
  await sql`insert into notifier.subscription_state (${names}) select * from ${unnest('s', columns, rows)}
    on conflict (subscription_id) do update set ${changes}`.execute(tx);
}

export async function forgetAttempts(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`delete from notifier.subscription_attempt where subscription_id = any(${ids}::uuid[])`.execute(
    tx,
  );
}
