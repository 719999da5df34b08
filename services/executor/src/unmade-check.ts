import { toInstant } from '@tocsin/kernel';
import type { CheckCompleted, CheckDue, CheckError } from '@tocsin/monitoring';

/** A check delivered this often without an answer has ended its executor each time before. */
export const QUARANTINE_AT = 4;

/** @param postponed deliveries that were put off on purpose: they are no sign of a crash */
export const isQuarantined = (deliveryCount: number, postponed: number): boolean =>
  deliveryCount - postponed >= QUARANTINE_AT;

export const QUARANTINED: CheckError = {
  code: 'quarantined',
  message: 'this check ended its executor several times and is not tried again for this slot',
};

export const SECRET_MISSING: CheckError = {
  code: 'secret_missing',
  message: 'the secret settings of this monitor are gone; save the monitor again',
};

/** The outcome of a check that was not even begun: `error`, which says nothing about the target. */
export function unmadeCheck(due: CheckDue, error: CheckError, nowMs: number): CheckCompleted {
  const at = toInstant(nowMs);
  return {
    monitorId: due.monitorId,
    project: due.project,
    kind: due.kind,
    slot: due.slot,
    location: due.location,
    outcome: 'error',
    startedAt: at,
    finishedAt: at,
    latencyMs: 0,
    timings: { totalMs: 0 },
    attempts: 0,
    error,
    observed: {},
    configRevision: due.configRevision,
    trigger: due.trigger,
  };
}
