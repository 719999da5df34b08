import type { TeamsConfig } from '@tocsin/contracts';
import { type HttpAnswer, httpOutcome } from '../http-outcome.js';
import type { Provider } from '../provider.js';
import { teamsCard } from './teams-card.js';

/** A Teams workflow or incoming webhook. Neither has a key against duplicates. */
export const teams: Provider<TeamsConfig> = {
  kind: 'teams',
  rate: { perSecond: 1, burst: 4 },
  send: (message, { teamsWebhookUrl }, { egress, notificationId, now, timeoutMs }) =>
    httpOutcome(
      async () => {
        const answer = await egress.request({
          url: teamsWebhookUrl,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': notificationId },
          body: JSON.stringify(teamsCard(message)),
          timeoutMs,
          maxBodyBytes: 16_384,
        });
        return withInnerStatus(answer);
      },
      { now, secrets: [teamsWebhookUrl] },
    ),
};

/** Connectors say 200 and then, in the body, that the message was not delivered. */
function withInnerStatus(answer: HttpAnswer): HttpAnswer {
  if (answer.status !== 200) return answer;
  const inner = /returned HTTP error ([45]\d\d)/.exec(answer.body.toString('utf8'))?.[1];
  return inner === undefined ? answer : { ...answer, status: Number(inner) };
}
