import type { CertificateInfo, CheckCompleted, RunCompleted } from '@tocsin/monitoring';
import type { Evidence } from './alert.js';

/**
 * What a result says to the rules: for or against the target, or nothing about it: `error` (R7), which too often in a row is
 * trouble of ours, and `cancelled`, which is as if the run had never been.
 */
export type ObservedResult = 'success' | 'failure' | 'timeout' | 'error' | 'cancelled';

/** A check or a run, in the words of the rules. */
export interface Observation extends Evidence {
  readonly result: ObservedResult;
  readonly certificate?: Pick<CertificateInfo, 'daysRemaining' | 'warnDays'> | undefined;
}

const OF_OUTCOME = { up: 'success', degraded: 'success', down: 'failure', error: 'error' } as const;
const OF_STATUS = {
  passed: 'success',
  failed: 'failure',
  timeout: 'timeout',
  error: 'error',
  cancelled: 'cancelled',
} as const;

/** Where runs are counted: a job has no locations of its own. */
export const RUN_LOCATION = 'local';

/** @param eventId the id of the event that carried the result */
export function observationOf(eventId: string, result: CheckCompleted | RunCompleted): Observation {
  if ('runId' in result)
    return {
      eventId,
      slot: result.slot,
      finishedAt: result.finishedAt,
      location: RUN_LOCATION,
      outcome: result.status,
      error: result.error,
      latencyMs: result.durationMs,
      result: OF_STATUS[result.status],
      certificate: undefined,
    };
  return {
    eventId,
    slot: result.slot,
    finishedAt: result.finishedAt,
    location: result.location,
    outcome: result.outcome,
    error: result.error,
    latencyMs: result.latencyMs,
    result: OF_OUTCOME[result.outcome],
    certificate: result.certificate,
  };
}

export function evidenceOf(observation: Observation): Evidence {
  const { eventId, slot, finishedAt, location, outcome, error, latencyMs } = observation;
  return {
    eventId,
    slot,
    finishedAt,
    location,
    outcome,
    ...(error === undefined ? {} : { error }),
    latencyMs,
  };
}
