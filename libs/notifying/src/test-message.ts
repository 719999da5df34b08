import type { Instant } from '@tocsin/kernel';
import type { Message } from './message.js';
import { VARIABLE_NAMES } from './variables.js';

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The message of "try this provider": it goes the whole way, templates included, and alarms nobody. */
export function testMessage(test: {
  readonly project: string;
  readonly providerName: string;
  readonly publicUrl: string;
  readonly now: Instant;
}): Message {
  const title = 'Test message from Tocsin';
  const text = `Nothing is wrong: this is how alerts of "${test.providerName}" will arrive.`;
  const target = { id: NO_ID, kind: 'monitor', name: 'Test monitor', url: 'https://example.com' } as const;
  const variables: Record<string, string> = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, '']));
  Object.assign(variables, {
    title,
    message: text,
    severity: 'info',
    normalizedSeverity: 'info',
    status: 'test',
    monitorName: target.name,
    targetName: target.name,
    targetUrl: target.url,
    targetId: target.id,
    targetKind: target.kind,
    monitorType: target.kind,
    timestamp: test.now,
    type: 'test',
    projectName: test.project,
    projectId: test.project,
    responseTime: '0',
    durationMs: '0',
    dashboardUrl: test.publicUrl,
    // A receiver that keeps incidents has none under this key, so a test leaves none open.
    alertAction: 'resolve',
    eventAction: 'resolve',
    pagerDutyEventAction: 'resolve',
    victorOpsMessageType: 'INFO',
    splunkOnCallMessageType: 'INFO',
    dedupKey: `test:${NO_ID}`,
    alertId: NO_ID,
    reason: 'test',
  });
  return {
    event: 'provider.test',
    alert: {
      id: NO_ID,
      targetId: target.id,
      targetKind: target.kind,
      type: 'failure',
      severity: 'info',
      state: 'resolved',
      raisedAt: test.now,
      since: test.now,
      resolvedAt: test.now,
      resolvedReason: 'test',
      durationMs: 0,
      evidence: [],
    },
    target,
    project: test.project,
    severity: 'info',
    title,
    text,
    customText: '',
    fields: [{ label: 'Provider', value: test.providerName }],
    link: test.publicUrl,
    variables,
  };
}
