import type { Instant } from '@tocsin/kernel';
import type { Message } from './message.js';
import { ownMessage } from './own-message.js';

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The message of "try this provider": it goes the whole way, templates included, and alarms nobody. */
export function testMessage(test: {
  readonly project: string;
  readonly providerName: string;
  readonly publicUrl: string;
  readonly now: Instant;
}): Message {
  const { project, providerName, publicUrl, now } = test;
  return ownMessage({
    event: 'provider.test',
    project,
    severity: 'info',
    title: 'Test message from Tocsin',
    text: `Nothing is wrong: this is how alerts of "${providerName}" will arrive.`,
    target: { id: NO_ID, kind: 'monitor', name: 'Test monitor', url: 'https://example.com' },
    fields: [{ label: 'Provider', value: providerName }],
    link: publicUrl,
    since: now,
    now,
    isOpen: false,
    variables: {
      normalizedSeverity: 'info',
      status: 'test',
      type: 'test',
      // A receiver that keeps incidents has none under this key, so a test leaves none open.
      alertAction: 'resolve',
      eventAction: 'resolve',
      pagerDutyEventAction: 'resolve',
      victorOpsMessageType: 'INFO',
      splunkOnCallMessageType: 'INFO',
      dedupKey: `test:${NO_ID}`,
      reason: 'test',
    },
  });
}
