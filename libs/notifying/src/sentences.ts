import type { AlertResolved } from '@tocsin/alerting';
import { assertNever } from '@tocsin/kernel';
import type { TellableEvent } from './alert-event.js';
import { formatDuration, formatInstant } from './format.js';
import { closingCause, endKind, predicates } from './wording.js';

/** One line: what happened to what. */
export function titleOf({ type, data }: TellableEvent): string {
  const words = predicates(data.type, data.target.kind);
  const { name } = data.target;
  switch (type) {
    case 'alert.raised':
      return `${name} ${words.raised}`;
    case 'alert.unmuted':
      return `${name} ${words.unmuted}`;
    case 'alert.resolved':
      return endTitle(data);
    default:
      return assertNever(type);
  }
}

function endTitle({ type, reason, target }: AlertResolved): string {
  const end = endKind(reason);
  switch (end) {
    case 'recovered':
      return `${target.name} ${predicates(type, target.kind).recovered}`;
    case 'ended':
      return `${target.name}: alert ended`;
    case 'closed':
      return `${target.name}: alert closed, ${closingCause(reason, target.kind)}`;
    default:
      return assertNever(end);
  }
}

/** What, since when, why; of an end, how long it lasted. @param cause on one line, may be empty */
export function textOf({ type, data }: TellableEvent, cause: string): string {
  const words = predicates(data.type, data.target.kind);
  const subject = data.target.url === '' ? data.target.name : `${data.target.name} (${data.target.url})`;
  const because = cause === '' ? '' : ` Cause: ${cause.replace(/\.$/, '')}.`;
  switch (type) {
    case 'alert.raised': {
      if (data.type === 'success') return `${subject} succeeded at ${formatInstant(data.raisedAt)}.`;
      return `${subject} ${words.raised}, since ${formatInstant(data.since)}.${because}`;
    }
    case 'alert.unmuted':
      return `${subject} ${words.unmuted}, since ${formatInstant(data.since)}; it was muted until now.${because}`;
    case 'alert.resolved':
      return endText(data, subject);
    default:
      return assertNever(type);
  }
}

function endText({ type, reason, target, raisedAt, resolvedAt, durationMs }: AlertResolved, subject: string) {
  const words = predicates(type, target.kind);
  const lasted = `${formatDuration(durationMs)}, from ${formatInstant(raisedAt)} to ${formatInstant(resolvedAt)}`;
  const end = endKind(reason);
  switch (end) {
    case 'recovered':
      return `${subject} ${words.recovered}. The alert lasted ${lasted}.`;
    case 'ended':
      return `The alert that ${subject} ${words.past} ended. It lasted ${lasted}.`;
    case 'closed':
      return `The alert that ${subject} ${words.past} was closed because ${closingCause(reason, target.kind)}; whether it recovered is not known. It lasted ${lasted}.`;
    default:
      return assertNever(end);
  }
}
