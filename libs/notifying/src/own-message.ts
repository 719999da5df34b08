import type { Instant } from '@tocsin/kernel';
import type { Message } from './message.js';
import { VARIABLE_NAMES, type VariableName } from './variables.js';

const NO_ID = '00000000-0000-0000-0000-000000000000';

export interface OwnMessage
  extends Pick<Message, 'event' | 'project' | 'severity' | 'title' | 'text' | 'fields'> {
  readonly target: Message['target'];
  /** of what it is about; nothing keeps an incident under it unless told */
  readonly id?: string;
  readonly link: string;
  readonly since: Instant;
  readonly now: Instant;
  readonly isOpen: boolean;
  readonly variables: Partial<Record<VariableName, string>>;
}

/** A message that Tocsin sends about itself: it goes the whole way, templates included. */
export function ownMessage(own: OwnMessage): Message {
  const { event, project, severity, title, text, fields, target, link, since, now, isOpen } = own;
  const id = own.id ?? NO_ID;
  const variables: Record<string, string> = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, '']));
  Object.assign(variables, {
    title,
    message: text,
    severity,
    monitorName: target.name,
    targetName: target.name,
    targetUrl: target.url,
    targetId: target.id,
    targetKind: target.kind,
    monitorType: target.kind,
    timestamp: now,
    projectName: project,
    projectId: project,
    responseTime: '0',
    durationMs: '0',
    dashboardUrl: link,
    alertId: id,
    ...own.variables,
  });
  return {
    event,
    alert: {
      id,
      targetId: target.id,
      targetKind: target.kind,
      type: 'failure',
      severity,
      state: isOpen ? 'open' : 'resolved',
      raisedAt: since,
      since,
      resolvedAt: isOpen ? null : now,
      resolvedReason: isOpen ? null : 'test',
      durationMs: isOpen ? null : 0,
      evidence: [],
    },
    target,
    project,
    severity,
    title,
    text,
    customText: '',
    fields,
    link,
    variables,
  };
}
