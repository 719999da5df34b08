import type { AlertTarget, AlertType } from '@tocsin/alerting';
import { assertNever } from '@tocsin/kernel';
import type { TellableEvent } from './alert-event.js';
import { formatDuration, formatInstant } from './format.js';
import type { AlertView, Message } from './message.js';
import type { VariableName } from './variables.js';
import { endKind } from './wording.js';

type Told = Pick<Message, 'title' | 'text' | 'severity' | 'link'> & {
  readonly alert: AlertView;
  readonly cause: string;
};

/** The variables of parity P24, under the names and with the values templates of the replaced product expect. */
export function templateVariables(event: TellableEvent, told: Told): Readonly<Record<VariableName, string>> {
  const { data } = event;
  const { target } = data;
  const action = incidentAction(event);
  const onCall = onCallMessageType(action, told.severity);
  return {
    title: told.title,
    message: told.text,
    // Filled in once it is rendered: a custom message that names itself gets nothing.
    customMessage: '',
    severity: told.severity,
    normalizedSeverity: pagerDutySeverity(told.severity),
    status: statusWord(event),
    monitorName: target.name,
    targetName: target.name,
    targetUrl: target.url,
    targetId: target.id,
    targetKind: target.kind,
    timestamp: happenedAt(event),
    type: parityType(event),
    projectName: data.project,
    projectId: data.project,
    responseTime: String(Math.max(0, Math.round(data.evidence.at(-1)?.latencyMs ?? 0))),
    errorMessage: told.cause,
    monitorType: target.kind,
    dashboardUrl: told.link,
    alertAction: action,
    eventAction: action,
    pagerDutyEventAction: action,
    victorOpsMessageType: onCall,
    splunkOnCallMessageType: onCall,
    dedupKey: dedupKey(data.type, target.kind, target.id),
    alertId: data.alertId,
    reason: event.type === 'alert.unmuted' ? 'unmuted' : event.data.reason,
    duration: told.alert.durationMs === null ? '' : formatDuration(told.alert.durationMs),
    durationMs: String(Math.max(0, Math.round(told.alert.durationMs ?? 0))),
    since: formatInstant(told.alert.since),
  };
}

function happenedAt(event: TellableEvent): string {
  switch (event.type) {
    case 'alert.raised':
      return event.data.raisedAt;
    case 'alert.unmuted':
      return event.data.unmutedAt;
    case 'alert.resolved':
      return event.data.resolvedAt;
    default:
      return assertNever(event);
  }
}

/** A success closes whatever the same key opened before: it must never open an incident. */
function incidentAction({ type, data }: TellableEvent): 'trigger' | 'resolve' {
  return type === 'alert.resolved' || data.type === 'success' ? 'resolve' : 'trigger';
}

function onCallMessageType(action: 'trigger' | 'resolve', severity: Message['severity']): string {
  if (action === 'resolve') return 'RECOVERY';
  return severity === 'warning' ? 'WARNING' : 'CRITICAL';
}

function pagerDutySeverity(severity: Message['severity']): 'critical' | 'warning' | 'info' {
  switch (severity) {
    case 'error':
      return 'critical';
    case 'warning':
      return 'warning';
    case 'success':
    case 'info':
      return 'info';
    default:
      return assertNever(severity);
  }
}

/** One key per target, as templates of the replaced product use it; `alertId` is the key of the episode. */
function dedupKey(type: AlertType, kind: AlertTarget['kind'], id: string): string {
  return `${type === 'ssl_expiring' ? 'ssl' : kind}:${id}`;
}

function statusWord(event: TellableEvent): string {
  if (event.type === 'alert.resolved') {
    const end = endKind(event.data.reason);
    if (end !== 'recovered') return end;
    return event.data.type === 'failure' && event.data.target.kind === 'monitor' ? 'up' : 'success';
  }
  const { type, target } = event.data;
  switch (type) {
    case 'failure':
      return target.kind === 'monitor' ? 'down' : 'failed';
    case 'ssl_expiring':
      return 'warning';
    case 'timeout':
      return 'timeout';
    case 'success':
      return 'success';
    case 'unobservable':
      return 'unknown';
    default:
      return assertNever(type);
  }
}

/** The names of P25; what the replaced product never told (`…_closed`, `…_unobservable`) has a name of ours. */
function parityType(event: TellableEvent): string {
  const { type, target } = event.data;
  if (type === 'ssl_expiring') return 'ssl_expiring';
  if (type === 'success') return 'job_success';
  if (event.type === 'alert.resolved') {
    if (endKind(event.data.reason) !== 'recovered') return `${target.kind}_closed`;
    return target.kind === 'job' ? 'job_success' : 'monitor_recovery';
  }
  if (type === 'unobservable') return `${target.kind}_unobservable`;
  if (target.kind === 'monitor') return 'monitor_failure';
  return type === 'timeout' ? 'job_timeout' : 'job_failed';
}
