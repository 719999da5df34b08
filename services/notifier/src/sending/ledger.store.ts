import { unnest } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { sql, type Transaction } from 'kysely';
import type { Ending, Health, Job, Result } from './desk.js';

type Tx = Transaction<unknown>;

const OUTCOMES = { delivered: 'delivered', retry: 'not_now', permanent: 'never' } as const;

/** How the api and the attempt rows call a result. */
export const outcomeName = (result: keyof typeof OUTCOMES) => OUTCOMES[result];

/** @returns the results whose attempts were still ours to end: nobody has taken them for interrupted meanwhile */
export async function endAttempts(tx: Tx, results: readonly Result[]): Promise<readonly Result[]> {
  if (results.length === 0) return [];
  const rows = results.map(({ job, outcome, finishedAt }) => ({
    notification_id: job.notification.id,
    number: job.number,
    finished_at: finishedAt,
    outcome: outcomeName(outcome.result),
    status: outcome.answer.status,
    excerpt: outcome.answer.excerpt,
    reason: outcome.result === 'delivered' ? null : outcome.reason,
  }));
  const { rows: ended } = await sql<{ id: string }>`
    update notifier.attempt as a set finished_at = r.finished_at, outcome = r.outcome, status = r.status,
      excerpt = r.excerpt, reason = r.reason
    from ${unnest(
      'r',
      {
        notification_id: 'uuid',
        number: 'int4',
        finished_at: 'timestamptz',
        outcome: 'text',
        status: 'int4',
        excerpt: 'text',
        reason: 'text',
      },
      rows,
    )}
    where a.notification_id = r.notification_id and a.number = r.number and a.outcome = 'started'
    returning a.notification_id as id`.execute(tx);
  const ids = new Set(ended.map(({ id }) => id));
  return results.filter(({ job }) => ids.has(job.notification.id));
}

export async function interruptAttempts(
  tx: Tx,
  interrupted: readonly { readonly notification_id: string; readonly number: number }[],
  now: Instant,
): Promise<void> {
  if (interrupted.length === 0) return;
  await sql`update notifier.attempt as a set outcome = 'interrupted', finished_at = ${now}
    from ${unnest('r', { notification_id: 'uuid', number: 'int4' }, interrupted)}
    where a.notification_id = r.notification_id and a.number = r.number and a.outcome = 'started'`.execute(
    tx,
  );
}

/** Committed before anything is sent: an attempt that nobody recorded never happens. */
export async function startAttempts(tx: Tx, jobs: readonly Job[], worker: number): Promise<void> {
  if (jobs.length === 0) return;
  const rows = jobs.map(({ notification, provider, number, startedAt }) => ({
    notification_id: notification.id,
    number,
    started_at: startedAt,
    provider_name: provider.name,
    provider_kind: provider.kind,
  }));
  await sql`with job as (select * from ${unnest(
    'j',
    {
      notification_id: 'uuid',
      number: 'int4',
      started_at: 'timestamptz',
      provider_name: 'text',
      provider_kind: 'text',
    },
    rows,
  )}), counted as (
      update notifier.notification as n set attempts = job.number, provider_name = job.provider_name,
        provider_kind = job.provider_kind
      from job where n.id = job.notification_id)
    insert into notifier.attempt (notification_id, number, started_at, outcome, worker)
    select notification_id, number, started_at, 'started', ${worker} from job`.execute(tx);
}

export async function saveEndings(tx: Tx, endings: readonly Ending[]): Promise<void> {
  if (endings.length === 0) return;
  await sql`update notifier.notification as n set state = r.state, reason = r.reason,
      next_attempt_at = r.next_attempt_at, finished_at = r.finished_at
    from ${unnest(
      'r',
      {
        id: 'uuid',
        state: 'text',
        reason: 'text',
        next_attempt_at: 'timestamptz',
        finished_at: 'timestamptz',
      },
      endings,
    )} where n.id = r.id and n.state = 'planned'`.execute(tx);
}

/** The end of an alert waits as long as its beginning does. */
export async function saveWaits(
  tx: Tx,
  waits: readonly { readonly id: string; readonly behind: string }[],
): Promise<void> {
  if (waits.length === 0) return;
  await sql`update notifier.notification as n set next_attempt_at = b.next_attempt_at + interval '1 millisecond'
    from ${unnest('w', { id: 'uuid', behind: 'uuid' }, waits)}
    join notifier.notification b on b.id = w.behind where n.id = w.id`.execute(tx);
}

/** What waited behind these has its turn. */
export async function releaseWaits(
  tx: Tx,
  finished: readonly { readonly alert_id: string; readonly provider_id: string }[],
  now: Instant,
): Promise<void> {
  if (finished.length === 0) return;
  await sql`update notifier.notification as n set next_attempt_at = least(n.next_attempt_at, ${now}::timestamptz)
    from ${unnest('f', { alert_id: 'uuid', provider_id: 'uuid' }, finished)}
    where n.alert_id = f.alert_id and n.provider_id = f.provider_id and n.state = 'planned'
      and n.attempts = n.attempts_before`.execute(tx);
}

export async function saveHealth(tx: Tx, healths: ReadonlyMap<string, Health>): Promise<void> {
  if (healths.size === 0) return;
  const rows = [...healths].map(([provider_id, health]) => ({
    provider_id,
    disabled_reason: health.disabledReason ?? null,
    disabled_at: health.disabledAt ?? null,
    last_used_at: health.lastUsedAt ?? null,
    breaker: health.breaker.state,
    breaker_state: health.breaker,
    held_until: health.heldUntil ?? null,
    incident: health.incident ?? null,
  }));
  await sql`insert into notifier.provider_health (provider_id, disabled_reason, disabled_at, last_used_at, breaker,
      breaker_state, held_until, incident)
    select * from ${unnest(
      'h',
      {
        provider_id: 'uuid',
        disabled_reason: 'text',
        disabled_at: 'timestamptz',
        last_used_at: 'timestamptz',
        breaker: 'text',
        breaker_state: 'jsonb',
        held_until: 'timestamptz',
        incident: 'jsonb',
      },
      rows,
    )}
    on conflict (provider_id) do update set disabled_reason = excluded.disabled_reason,
      disabled_at = excluded.disabled_at, last_used_at = excluded.last_used_at, breaker = excluded.breaker,
      breaker_state = excluded.breaker_state, held_until = excluded.held_until, incident = excluded.incident`.execute(
    tx,
  );
}
