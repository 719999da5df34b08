import { msBetween } from '@tocsin/kernel';
import type { AlertType, Evidence, PolicyChanged, ResolveReason, Severity } from './alert.js';
import type { AlertEvent, TargetState } from './target-state.js';

const SEVERITY: Record<AlertType, Severity> = {
  failure: 'error',
  timeout: 'error',
  ssl_expiring: 'warning',
  unobservable: 'warning',
  success: 'success',
};

export interface Ending {
  readonly type: AlertType;
  readonly reason: ResolveReason;
  readonly resolvedAt: string;
  /** none when a configuration ends it */
  readonly evidence: readonly Evidence[];
}

/** The end of an open episode; undefined when there is none of the type (R4). */
export function resolution(
  state: TargetState,
  policy: PolicyChanged,
  { type, reason, resolvedAt, evidence }: Ending,
  position: number,
): AlertEvent | undefined {
  const open = state.episodes[type];
  if (open === undefined) return undefined;
  return {
    type: 'AlertResolved',
    data: {
      alertId: open.alertId,
      ...alertBase(policy, type, position),
      reason,
      raisedAt: open.raisedAt,
      since: open.since,
      resolvedAt,
      durationMs: Math.max(0, msBetween(open.raisedAt, resolvedAt)),
      evidence,
      // That a success is over is no recovery
      recoveryWanted: policy.alertConfig.alertOnRecovery && type !== 'success',
      ...(open.untold === undefined ? {} : { raiseUntold: open.untold }),
    },
  };
}

/** What every event of an alert says of the target and the policy in force. */
export function alertBase(policy: PolicyChanged, type: AlertType, position: number) {
  const { project, target, policyRevision, alertConfig } = policy;
  return {
    project,
    target,
    type,
    severity: SEVERITY[type],
    policyRevision,
    providers: alertConfig.notificationProviders,
    customMessage: alertConfig.customMessage,
    position,
  };
}
