import type { Evidence, PolicyChanged } from '@tocsin/alerting';
import { subjects } from '@tocsin/contracts';
import type { ExplanationStep } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import type { Logged } from './alert-facts.store.js';

export type Step = ExplanationStep;

interface Place {
  readonly eventId: string | null;
  readonly stream: string | null;
  readonly subject: string | null;
}

export const NOWHERE: Place = { eventId: null, stream: null, subject: null };

export const inStream = (
  stream: string,
  { id, subject }: Pick<Logged<unknown>, 'id' | 'subject'>,
): Place => ({
  eventId: id,
  stream,
  subject,
});

/** Whose results they are. */
export interface ResultsOf {
  readonly project: string;
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly isHeartbeat: boolean;
}

export const resultPlace = (
  { project, targetId, targetKind, isHeartbeat }: ResultsOf,
  eventId: string,
): Place => ({
  eventId: eventId === '' ? null : eventId,
  stream: 'RESULTS',
  subject: subjects.result(project, isHeartbeat ? 'heartbeat' : targetKind, targetId),
});

const WORDS: Readonly<Record<string, string>> = {
  up: 'succeeded',
  degraded: 'succeeded, slowly',
  down: 'failed',
  passed: 'passed',
  failed: 'failed',
  timeout: 'took too long',
  error: 'could not be made',
  cancelled: 'was cancelled',
};

/** `The check of 12:00:00 at local failed: no answer.` */
export function resultSentence(kind: TargetKind, { slot, location, outcome, error }: Evidence): string {
  const thing = kind === 'job' ? `The run of ${slot}` : `The check of ${slot} at ${location}`;
  const cause = error?.message.trim().split('\n')[0]?.replace(/\.$/, '');
  return `${thing} ${WORDS[outcome] ?? outcome}${cause === undefined || cause === '' ? '' : `: ${cause}`}.`;
}

const inARow = (count: number, one: string, many: string) =>
  count === 1 ? `1 ${one}` : `${count} ${many} in a row`;

/** What the policy asks for, and whose doing it is. */
export function policyStep(policy: Logged<PolicyChanged>, changedBy: string | undefined, at: Instant): Step {
  const { policyRevision, alertConfig, enabled, deleted, quorum, locations } = policy.data;
  const { failureThreshold, recoveryThreshold, mutedUntil } = alertConfig;
  const rule = deleted
    ? 'it was deleted'
    : !enabled
      ? 'it was paused'
      : !alertConfig.enabled
        ? 'alerts were disabled'
        : `an alert takes ${inARow(failureThreshold, 'failure', 'failures')} and its end ${inARow(recoveryThreshold, 'success', 'successes')}`;
  const places = locations.length > 1 ? `, quorum ${quorum} of ${locations.length} locations` : '';
  const mute = mutedUntil !== undefined && mutedUntil > at ? `, muted until ${mutedUntil}` : '';
  const who = changedBy === undefined ? '' : `, by ${changedBy}`;
  return {
    at: policy.time,
    what: 'policy',
    code: 'policy_in_force',
    sentence: `Revision ${policyRevision} was in force (made ${policy.time}${who}): ${rule}${places}${mute}.`,
    ...inStream('ALERTS', policy),
    numbers: { policyRevision, failureThreshold, recoveryThreshold },
  };
}
