import { z } from 'zod';
import type { ConfigSchema } from './config-schema.js';
import { httpUrl } from './providers/http-url.js';
import { webhookHeaders } from './providers/webhook.js';
import { instant } from './schemas.js';

const signingSecret = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/);

const schema = z.strictObject({
  url: httpUrl,
  headers: webhookHeaders.default({}),
  /** of one attempt; Standard Webhooks asks for 15 to 30 s */
  timeoutSeconds: z.int().min(5).max(30).default(15),
  signingSecret,
  /** signs beside the other one until `previousSecretUntil` */
  previousSigningSecret: signingSecret.optional(),
  previousSecretUntil: instant.optional(),
  /** the revision that said where it begins: another one moves it there */
  startRevision: z.int().min(1),
  /** when somebody last had it go on after it had switched itself off */
  resumedAt: instant.optional(),
});

/** How a subscription is sent to. */
export type SubscriptionConfig = z.output<typeof schema>;

export const subscriptionConfig: ConfigSchema<SubscriptionConfig> = {
  schema,
  secretPaths: (config) => [
    ['url'],
    ...Object.keys(config.headers).map((name) => ['headers', name]),
    ['signingSecret'],
    ...(config.previousSigningSecret === undefined ? [] : [['previousSigningSecret']]),
  ],
};

/** What a caller sets of it. */
export const subscriptionDestination = {
  url: httpUrl,
  headers: webhookHeaders,
  timeoutSeconds: schema.shape.timeoutSeconds,
};
