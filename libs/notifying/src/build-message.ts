import type { AlertTarget, ResolveReason, Severity } from '@tocsin/alerting';
import type { TellableEvent } from './alert-event.js';
import { formatDuration, formatInstant, oneLine } from './format.js';
import type { AlertView, Message } from './message.js';
import { textOf, titleOf } from './sentences.js';
import { escapeNothing, renderTemplate } from './template.js';
import { templateVariables } from './template-variables.js';
import { closingCause, endKind } from './wording.js';

export interface MessageContext {
  /** where the console is reached, e.g. `https://tocsin.example`; empty when that is not configured */
  readonly publicUrl: string;
}

/** What an alert event says to people: what, since when, why, how long, where to look. */
export function buildMessage(event: TellableEvent, { publicUrl }: MessageContext): Message {
  const { data } = event;
  const target = {
    ...data.target,
    name: oneLine(data.target.name, 255),
    url: oneLine(data.target.url, 2000),
  };
  const named = { ...event, data: { ...data, target } } as TellableEvent;
  const alert = alertView(event);
  const cause = causeOf(event);
  const told = {
    alert,
    severity: severityOf(event),
    title: titleOf(named),
    cause,
    text: textOf(named, cause),
    link: publicUrl === '' ? '' : `${publicUrl.replace(/\/+$/, '')}/alerts/${data.alertId}`,
  };
  const variables = templateVariables(named, told);
  const customText = renderTemplate(data.customMessage, variables, escapeNothing).trim();
  return {
    event: event.type,
    alert,
    target,
    project: data.project,
    severity: told.severity,
    title: told.title,
    text: told.text,
    customText,
    fields: fieldsOf(named, cause),
    link: told.link,
    variables: { ...variables, customMessage: customText },
  };
}

/** The alert as this event leaves it. */
export function alertView(event: TellableEvent): AlertView {
  const { data } = event;
  const resolved = event.type === 'alert.resolved' ? event.data : undefined;
  return {
    id: data.alertId,
    targetId: data.target.id,
    targetKind: data.target.kind,
    type: data.type,
    severity: data.severity,
    state: resolved === undefined ? 'open' : 'resolved',
    raisedAt: data.raisedAt,
    since: data.since,
    resolvedAt: resolved?.resolvedAt ?? null,
    resolvedReason: resolved?.reason ?? null,
    durationMs: resolved?.durationMs ?? null,
    evidence: data.evidence,
  };
}

function severityOf(event: TellableEvent): Severity {
  if (event.type !== 'alert.resolved') return event.data.severity;
  return endKind(event.data.reason) === 'recovered' ? 'success' : 'info';
}

/** Why: the last failing result's error. The results that ended an alert explain nothing. */
function causeOf(event: TellableEvent): string {
  if (event.type === 'alert.resolved') return '';
  const error = event.data.evidence.findLast((result) => result.error !== undefined)?.error;
  return error === undefined ? '' : oneLine(error.message === '' ? error.code : error.message, 500);
}

function fieldsOf(event: TellableEvent, cause: string): Message['fields'] {
  const { data } = event;
  const { target, evidence } = data;
  const end = event.type === 'alert.resolved' ? event.data : undefined;
  const locations = event.type === 'alert.raised' ? event.data.locations : evidence.map((e) => e.location);
  return [
    { label: target.kind === 'job' ? 'Job' : 'Monitor', value: target.name },
    { label: 'Address', value: target.url },
    { label: 'Since', value: formatInstant(event.data.since) },
    { label: 'Cause', value: cause },
    { label: 'Locations', value: [...new Set(locations)].join(', ') },
    { label: 'Ended', value: end === undefined ? '' : formatInstant(end.resolvedAt) },
    { label: 'Duration', value: end === undefined ? '' : formatDuration(end.durationMs) },
    { label: 'Closed because', value: end === undefined ? '' : closingLabel(end.reason, target.kind) },
  ].filter(({ value }) => value !== '');
}

function closingLabel(reason: ResolveReason, kind: AlertTarget['kind']): string {
  return endKind(reason) === 'closed' ? closingCause(reason, kind) : '';
}
