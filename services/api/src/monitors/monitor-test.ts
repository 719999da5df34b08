import type { MonitorInput, ResultView } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import type { CheckCompleted, CheckDue } from '@tocsin/monitoring';

/** The asker's own connection is given up after a minute of silence. */
const LONGEST_SECONDS = 50;

export interface TestCheck {
  readonly monitorId: string;
  readonly project: string;
  readonly location: string;
  readonly now: Instant;
}

/**
 * One check of settings as they are, secrets in their places, and one try at it: somebody is waiting.
 * @throws DomainError `conflict` where there is nothing to check
 */
export function testDue(
  { type, target, config }: Pick<MonitorInput, 'type' | 'target' | 'config'>,
  { monitorId, project, location, now }: TestCheck,
): CheckDue {
  if (type === 'heartbeat')
    throw new DomainError('conflict', 'a heartbeat is received, there is nothing to check');
  const timeoutSeconds = Math.min(Number(config.timeoutSeconds), LONGEST_SECONDS);
  return {
    monitorId,
    project,
    kind: type,
    slot: now,
    location,
    target,
    config: { ...config, timeoutSeconds, retries: 0 },
    configRevision: 1,
    trigger: 'manual',
  };
}

export const timeoutMsOf = ({ config }: CheckDue): number => Number(config.timeoutSeconds) * 1000;

export const resultOf = (check: CheckCompleted): ResultView =>
  ({
    slot: check.slot,
    outcome: check.outcome,
    latencyMs: check.latencyMs,
    location: check.location,
    error: check.error ?? null,
    startedAt: check.startedAt,
    finishedAt: check.finishedAt,
    timings: check.timings,
    attempts: check.attempts,
    observed: check.observed,
    certificate: check.certificate ?? null,
    trigger: check.trigger,
  }) as ResultView;
