import { joinSecrets, type SubscriptionConfig, subscriptionConfig } from '@tocsin/contracts';
import type { Egress } from '@tocsin/egress';
import type { Instant, JsonObject } from '@tocsin/kernel';
import type { DeliveryOutcome } from '@tocsin/notifying';
import { httpOutcome } from '../providers/http-outcome.js';
import { webhookHeaders } from '../providers/webhook/webhook-headers.js';
import type { RecordSecrets } from '../settings/record-secrets.store.js';
import { CLOUD_EVENT_TYPE } from './cloud-event.js';
import type { SubscriptionRow } from './subscription.js';

export interface DeliverDeps {
  readonly secrets: RecordSecrets;
  readonly egress: Egress;
  readonly now: () => Instant;
  readonly onBug: (error: unknown) => void;
}

export interface Delivered extends DeliveryOutcome {
  /** 0 when there was no answer */
  readonly status: number;
  readonly excerpt: string;
  readonly reason: string | null;
}

const MOST_ANSWER_BYTES = 16_384;

const unsent = (reason: string, excerpt: string): Delivered => ({
  result: 'failed',
  status: 0,
  reason,
  excerpt,
});

/** One try at handing over one event. Never throws: what goes wrong is an outcome. */
export async function deliver(
  row: Pick<SubscriptionRow, 'id' | 'config' | 'secret_version'>,
  event: { readonly id: string; readonly text: string },
  deps: DeliverDeps,
): Promise<Delivered> {
  let secret: JsonObject | undefined;
  try {
    secret = row.secret_version === null ? {} : await deps.secrets.of(row.id, row.secret_version);
  } catch (error) {
    deps.onBug(error);
    return unsent('secret_unavailable', 'the address cannot be read now; see the notifier log');
  }
  if (secret === undefined)
    return unsent('secret_missing', 'the address of this revision is not there: enter it again');
  const settings = subscriptionConfig.schema.safeParse(joinSecrets(row.config, secret));
  // The path alone: a message may quote what was given.
  if (!settings.success)
    return unsent(
      'settings_invalid',
      `the setting ${settings.error.issues[0]?.path.join('.') || 'config'} is not valid: enter it again`,
    );
  try {
    return await post(settings.data, event, deps);
  } catch (error) {
    deps.onBug(error);
    return unsent('unexpected_error', 'the notifier could not make this attempt; see its log');
  }
}

async function post(
  config: SubscriptionConfig,
  { id, text: body }: { readonly id: string; readonly text: string },
  { egress, now: clock }: DeliverDeps,
): Promise<Delivered> {
  const now = clock();
  const { url, timeoutSeconds } = config;
  const secrets = signingSecrets(config, now);
  const headers = webhookHeaders({
    id,
    now,
    method: 'POST',
    body,
    headers: { 'content-type': CLOUD_EVENT_TYPE, ...config.headers },
    signingSecret: secrets.join(' '),
  });
  const request = {
    url,
    method: 'POST',
    headers,
    body,
    timeoutMs: timeoutSeconds * 1000,
    maxBodyBytes: MOST_ANSWER_BYTES,
  };
  const hidden = [url, ...Object.values(config.headers), ...secrets];
  const outcome = await httpOutcome(() => egress.request(request), { now, secrets: hidden });
  const { status, excerpt } = outcome.answer;
  if (outcome.result === 'delivered') return { result: 'delivered', status, excerpt, reason: null };
  return {
    result: 'failed',
    status,
    excerpt,
    reason: outcome.reason,
    ...(outcome.result === 'retry'
      ? { retryAfterMs: outcome.retryAfterMs }
      : { gone: outcome.disableProvider }),
  };
}

/** While one replaces the other a receiver may check with either. */
function signingSecrets(config: SubscriptionConfig, now: Instant): readonly string[] {
  const { signingSecret, previousSigningSecret: previous, previousSecretUntil: until } = config;
  return previous !== undefined && until !== undefined && now < until
    ? [signingSecret, previous]
    : [signingSecret];
}
