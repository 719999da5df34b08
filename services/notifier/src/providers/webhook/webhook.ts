import type { WebhookConfig } from '@tocsin/contracts';
import { escapeJson, type Message, renderTemplate } from '@tocsin/notifying';
import { httpOutcome } from '../http-outcome.js';
import type { Provider } from '../provider.js';
import { webhookHeaders } from './webhook-headers.js';

/** Any HTTP receiver, spoken to as Standard Webhooks 1.0.0 says. */
export const webhook: Provider<WebhookConfig> = {
  kind: 'webhook',
  rate: { perSecond: 10, burst: 20 },
  send: (message, config, { egress, notificationId, now, timeoutMs }) => {
    const { url, method, headers = {}, signingSecret = '' } = config;
    const body = method === 'GET' ? '' : webhookBody(message, config.bodyTemplate ?? '');
    const request = {
      url,
      method,
      headers: webhookHeaders({ id: notificationId, now, method, body, headers, signingSecret }),
      ...(body === '' ? {} : { body }),
      timeoutMs,
      maxBodyBytes: 16_384,
    };
    const secrets = [url, ...Object.values(headers), ...signingSecret.split(' ')];
    return httpOutcome(() => egress.request(request), { now, secrets });
  },
};

/** The standard body, or the user's own with the variables filled in. */
export function webhookBody(message: Message, template: string): string {
  if (template.trim() !== '') return renderTemplate(template, message.variables, escapeJson);
  const { event, alert, target, project, title, text, customText, link } = message;
  return JSON.stringify({
    event,
    alert,
    target: { id: target.id, kind: target.kind, name: target.name, url: target.url },
    project,
    title,
    text: customText === '' ? text : `${text}\n\n${customText}`,
    link,
  });
}
