import type { Instant } from '@tocsin/kernel';
import { formatInstant, oneLine } from './format.js';
import type { Message } from './message.js';
import { ownMessage } from './own-message.js';

/** A provider that does not carry messages, as the project's other providers are told. */
export interface ProviderFailure {
  /** the incident's: one message for each */
  readonly incidentId: string;
  readonly project: string;
  readonly providerId: string;
  readonly providerName: string;
  readonly providerKind: string;
  readonly reason: string;
  readonly since: Instant;
  /** switched off by itself: nothing is tried until it is configured anew */
  readonly disabled: boolean;
}

export function providerFailureMessage(
  failure: ProviderFailure,
  { publicUrl, now }: { readonly publicUrl: string; readonly now: Instant },
): Message {
  const name = oneLine(failure.providerName, 255);
  const consequence = failure.disabled
    ? 'It was switched off; nothing is sent through it until its settings are changed.'
    : 'Alerts sent through it may not have reached anybody; what was given up waits in the dead letters.';
  return ownMessage({
    event: 'provider.failing',
    id: failure.incidentId,
    project: failure.project,
    severity: 'warning',
    title: `Notifications through ${name} fail`,
    text: `The provider ${name} (${failure.providerKind}) has not delivered since ${formatInstant(failure.since)}: ${oneLine(failure.reason, 200)}. ${consequence}`,
    target: { id: failure.providerId, kind: 'provider', name, url: '' },
    fields: [
      { label: 'Provider', value: name },
      { label: 'Kind', value: failure.providerKind },
      { label: 'Since', value: formatInstant(failure.since) },
      { label: 'Cause', value: oneLine(failure.reason, 200) },
    ],
    link: publicUrl,
    since: failure.since,
    now,
    isOpen: true,
    variables: {
      normalizedSeverity: 'warning',
      status: 'failing',
      type: 'provider_failing',
      errorMessage: failure.reason,
      // Nothing would ever close an incident opened for this.
      alertAction: 'resolve',
      eventAction: 'resolve',
      pagerDutyEventAction: 'resolve',
      victorOpsMessageType: 'INFO',
      splunkOnCallMessageType: 'INFO',
      dedupKey: `provider:${failure.providerId}`,
      reason: failure.reason,
      since: formatInstant(failure.since),
    },
  });
}
