import { type NewEvent, subjects } from '@tocsin/contracts';
import type { EventLog, WorkContext } from '@tocsin/event-log';
import { derivedId, type JsonObject, PermanentError } from '@tocsin/kernel';
import type { CheckCompleted, CheckDue } from '@tocsin/monitoring';
import { startSpan } from '@tocsin/service-kit';
import { createBoundedCache } from './bounded-cache.js';
import type { CheckMetrics } from './check.metrics.js';
import type { MonitorSecrets } from './monitor-secrets.request.js';
import { createNextTurn } from './next-turn.js';
import { trimResult } from './trim-result.js';
import { isQuarantined, QUARANTINED, SECRET_MISSING, unmadeCheck } from './unmade-check.js';

export interface CheckWorkerDeps {
  readonly log: Pick<EventLog, 'publish'>;
  readonly secrets: MonitorSecrets;
  /** never rejects */
  readonly run: (due: CheckDue, secret: JsonObject | undefined) => Promise<CheckCompleted>;
  readonly metrics: CheckMetrics;
  /** milliseconds since the epoch */
  readonly now: () => number;
}

const POSTPONE_MS = 1_000;
/** Remembered postponements: beyond it the oldest are forgotten, which at worst quarantines one slot. */
const POSTPONED_LIMIT = 50_000;
const POSTPONED_TTL_MS = 60 * 60_000;

/** Makes the checks that are due. Returning is the acknowledgement, so the result is in the log by then. */
export function createCheckWorker(deps: CheckWorkerDeps): (work: WorkContext) => Promise<void> {
  const { log, secrets, run, metrics, now } = deps;
  // The server counts a delivery that was put off like one that ended its executor; only here is the difference known.
  const postponed = createBoundedCache<number>({
    limit: POSTPONED_LIMIT,
    ttlMs: POSTPONED_TTL_MS,
    now: () => performance.now(),
  });

  const nextTurn = createNextTurn(setImmediate);

  /** undefined when it is to be made later */
  async function make(due: CheckDue, eventId: string, count: number): Promise<CheckCompleted | undefined> {
    const { monitorId, secretVersion } = due;
    if (count > 1 && isQuarantined(count, postponed.get(eventId) ?? 0))
      return unmadeCheck(due, QUARANTINED, now());
    if (secretVersion === undefined) return run(due, undefined);
    const secret = await secrets.of(monitorId, secretVersion);
    if (secret === 'unavailable') return undefined;
    if (secret === 'missing') return unmadeCheck(due, SECRET_MISSING, now());
    return run(due, secret);
  }

  return async (work) => {
    const { event, deliveryCount } = work;
    if (event.type !== 'CheckDue') throw new PermanentError('wrong_event', `${event.type} is no work`);
    const due = event.data;
    const startedAt = performance.now();
    const span = startSpan('check', { traceparent: event.traceparent, attributes: attributesOf(due) });
    metrics.begin();
    try {
      // 1. The check
      const result = await make(due, event.id, deliveryCount);
      if (result === undefined) {
        postponed.set(event.id, (postponed.get(event.id) ?? 0) + 1);
        metrics.postponed();
        work.retryAfter(POSTPONE_MS);
        return;
      }
      metrics.made(result, (performance.now() - startedAt) / 1_000);
      await nextTurn();
      // 2. Its result: with an id of the slot, so that a repeat after a crash is the same event
      await log.publish(completed(trimResult(result), span.traceparent));
      if (deliveryCount > 1) postponed.delete(event.id);
    } finally {
      metrics.end((performance.now() - startedAt) / 1_000);
      span.end();
    }
  };
}

export function completed(data: CheckCompleted, traceparent: string | undefined): NewEvent<'CheckCompleted'> {
  return {
    type: 'CheckCompleted',
    id: derivedId('check', data.monitorId, data.slot, data.location),
    source: 'tocsin/executor',
    time: data.finishedAt,
    natsSubject: subjects.result(data.project, 'monitor', data.monitorId),
    entityId: data.monitorId,
    data,
    traceparent,
  };
}

const attributesOf = ({ monitorId, kind, slot, location }: CheckDue) => ({
  'tocsin.monitor_id': monitorId,
  'tocsin.kind': kind,
  'tocsin.slot': slot,
  'tocsin.location': location,
});
