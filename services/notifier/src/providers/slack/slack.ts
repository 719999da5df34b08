import type { SlackConfig } from '@tocsin/contracts';
import { httpOutcome } from '../http-outcome.js';
import type { Provider } from '../provider.js';
import { slackPayload } from './slack-payload.js';

/**
 * A Slack incoming webhook. It has no key against duplicates: a repeat after a lost answer is posted twice, and the
 * `idempotency-key` only lets a proxy of the user's own recognise it.
 */
export const slack: Provider<SlackConfig> = {
  kind: 'slack',
  rate: { perSecond: 1, burst: 3 },
  send: (message, { webhookUrl, channel = '' }, { egress, notificationId, now, timeoutMs }) =>
    httpOutcome(
      () =>
        egress.request({
          url: webhookUrl,
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': notificationId },
          body: JSON.stringify(slackPayload(message, channel)),
          timeoutMs,
          maxBodyBytes: 16_384,
        }),
      { now, secrets: [webhookUrl] },
    ),
};
