import type { Instant } from '@tocsin/kernel';

/**
 * What one check found. `down`: the target failed. `degraded`: it answered, slower or weaker than asked.
 * `error`: the check could not be made (our network, our bug); it says nothing about the target.
 */
export type Outcome = 'up' | 'degraded' | 'down' | 'error';

/** Phases in milliseconds; a phase that did not happen is absent. */
export interface CheckTimings {
  readonly dnsMs?: number | undefined;
  readonly connectMs?: number | undefined;
  readonly tlsMs?: number | undefined;
  readonly firstByteMs?: number | undefined;
  readonly totalMs: number;
}

export interface CheckError {
  /** stable snake_case code, e.g. `connection_refused`, `keyword_missing` */
  readonly code: string;
  /** one readable sentence without secrets */
  readonly message: string;
}

export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  readonly altNames: readonly string[];
  readonly serialNumber: string;
  readonly fingerprint256: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  /** whole days until `validTo`, negative when expired */
  readonly daysRemaining: number;
  /** chain and host name verified, and inside its dates */
  readonly valid: boolean;
  /** at or below this many days left the certificate counts as expiring */
  readonly warnDays: number;
}

/** One check of a monitor at one location for one slot. */
export interface CheckCompleted {
  readonly monitorId: string;
  readonly project: string;
  readonly kind: string;
  readonly slot: Instant;
  readonly location: string;
  readonly outcome: Outcome;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  /** total time of the last attempt, milliseconds */
  readonly latencyMs: number;
  readonly timings: CheckTimings;
  /** 1 plus the retries that were needed */
  readonly attempts: number;
  readonly error?: CheckError | undefined;
  /** what the probe saw, flat and small: `statusCode`, `remoteAddress`, `via` … never a body */
  readonly observed: Readonly<Record<string, string | number | boolean>>;
  readonly certificate?: CertificateInfo | undefined;
  readonly configRevision: number;
  readonly trigger: CheckTrigger;
}

export type CheckTrigger = 'schedule' | 'catch_up' | 'first' | 'manual' | 'received' | 'deadline';

/** Slots that were never checked, e.g. because the scheduler was down: recorded, never counted. */
export interface CheckMissed {
  readonly monitorId: string;
  readonly project: string;
  readonly firstSlot: Instant;
  readonly lastSlot: Instant;
  readonly count: number;
  readonly reason: 'scheduler_was_down';
}

/** A check that is due now: the work item of an executor. */
export interface CheckDue {
  readonly monitorId: string;
  readonly project: string;
  readonly kind: string;
  readonly slot: Instant;
  readonly location: string;
  readonly target: string;
  /** the kind's own settings, without any secret */
  readonly config: Readonly<Record<string, unknown>>;
  readonly configRevision: number;
  /** the version of the monitor's secret to ask for; absent when it has none */
  readonly secretVersion?: number | undefined;
  readonly trigger: CheckTrigger;
}
