import type { DiscordConfig } from '@tocsin/contracts';
import { type HttpAnswer, httpOutcome } from '../http-outcome.js';
import type { Provider } from '../provider.js';
import { discordPayload } from './discord-payload.js';

/** A Discord webhook. Webhooks have no key against duplicates; Discord's `nonce` is for bots only. */
export const discord: Provider<DiscordConfig> = {
  kind: 'discord',
  rate: { perSecond: 0.5, burst: 5 },
  send: (message, { discordWebhookUrl }, { egress, notificationId, now, timeoutMs }) =>
    httpOutcome(
      async () => {
        const answer = await egress.request({
          url: discordWebhookUrl,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': notificationId },
          body: JSON.stringify(discordPayload(message)),
          timeoutMs,
          maxBodyBytes: 16_384,
        });
        return withRetryAfter(answer);
      },
      { now, secrets: [discordWebhookUrl] },
    ),
};

/** Discord's header is rounded to whole seconds; the body, and the bucket's own header, are exact. */
function withRetryAfter(answer: HttpAnswer): HttpAnswer {
  if (answer.status !== 429) return answer;
  const told = /"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(answer.body.toString('utf8'))?.[1];
  const seconds = told ?? answer.headers['x-ratelimit-reset-after'];
  return seconds === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': seconds } };
}
