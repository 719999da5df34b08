import type { TelegramConfig } from '@tocsin/contracts';
import { type HttpAnswer, httpOutcome } from '../http-outcome.js';
import type { Provider } from '../provider.js';
import { telegramText } from './telegram-text.js';

/** A Telegram bot's `sendMessage`. The Bot API has no key against duplicates. */
export const telegram: Provider<TelegramConfig> = {
  kind: 'telegram',
  rate: { perSecond: 1, burst: 3 },
  send: (message, { botToken, chatId, apiBaseUrl }, { egress, notificationId, now, timeoutMs }) =>
    httpOutcome(
      async () => {
        const answer = await egress.request({
          url: `${apiBaseUrl.replace(/\/+$/, '')}/bot${botToken}/sendMessage`,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': notificationId },
          body: JSON.stringify({
            chat_id: chatId,
            parse_mode: 'HTML',
            text: telegramText(message),
            // Or Telegram fetches the watched address to preview it.
            link_preview_options: { is_disabled: true },
          }),
          timeoutMs,
          maxBodyBytes: 16_384,
        });
        return withRetryAfter(answer);
      },
      { now, secrets: [botToken, botToken.slice(botToken.indexOf(':') + 1)] },
    ),
};

/** Telegram says in the body, in seconds, what others say in a header. */
function withRetryAfter(answer: HttpAnswer): HttpAnswer {
  if (answer.status !== 429) return answer;
  const seconds = /"retry_after"\s*:\s*(\d+)/.exec(answer.body.toString('utf8'))?.[1];
  return seconds === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': seconds } };
}
