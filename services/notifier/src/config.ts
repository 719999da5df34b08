import { type EgressPolicy, egressPolicy } from '@tocsin/egress';
import {
  baseConfig,
  booleanFlag,
  cidrList,
  databaseUrl,
  endpointList,
  port,
  Secret,
  secret,
} from '@tocsin/service-kit';
import { z } from 'zod';
import type { SmtpDefaults } from './providers/index.js';

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'set it to an http or https URL' })
  .describe('the address people reach the console at, as https://tocsin.example');

export const notifierConfig = baseConfig.extend({
  DATABASE_URL: databaseUrl,
  TOCSIN_SECRET_KEY: secret,
  TOCSIN_SECRET_KEY_PREVIOUS: secret.optional(),
  TOCSIN_PUBLIC_URL: httpUrl.default(''),
  TOCSIN_EGRESS_ALLOW: cidrList.default([]),
  TOCSIN_EGRESS_DENY: cidrList.default([]),
  // Unset, private networks are closed to providers: anybody with an API token may enter an address.
  TOCSIN_EGRESS_ALLOW_PRIVATE: booleanFlag.optional(),
  TOCSIN_OWN_ENDPOINTS: endpointList.default([]),
  TOCSIN_SUBSCRIPTION_GIVE_UP_HOURS: z.coerce
    .number()
    .min(0)
    .default(72)
    .describe('a webhook subscription that fails for so long switches itself off; 0: never'),
  SMTP_HOST: z.string().optional().describe('the mail server for providers without one of their own'),
  SMTP_PORT: port.default(587),
  SMTP_SECURE: booleanFlag.default(false),
  SMTP_USER: z.string().default('').describe('its user; none when empty'),
  SMTP_PASSWORD: secret.optional(),
  SMTP_FROM: z.string().default('tocsin@localhost').describe('the sender, an address or Name <address>'),
});
export type NotifierConfig = z.infer<typeof notifierConfig>;

export const providerPolicy = (config: NotifierConfig): EgressPolicy =>
  egressPolicy({
    purpose: 'provider',
    allow: config.TOCSIN_EGRESS_ALLOW,
    deny: config.TOCSIN_EGRESS_DENY,
    allowPrivate: config.TOCSIN_EGRESS_ALLOW_PRIVATE,
    ownEndpoints: config.TOCSIN_OWN_ENDPOINTS,
  });

export const smtpDefaults = (config: NotifierConfig): SmtpDefaults | undefined =>
  config.SMTP_HOST === undefined
    ? undefined
    : {
        host: config.SMTP_HOST,
        port: config.SMTP_PORT,
        secure: config.SMTP_SECURE,
        user: config.SMTP_USER,
        password: config.SMTP_PASSWORD?.reveal() ?? '',
        from: config.SMTP_FROM,
      };

export const giveUpAfterMs = (config: NotifierConfig): number | undefined => {
  const hours = config.TOCSIN_SUBSCRIPTION_GIVE_UP_HOURS;
  return hours === 0 ? undefined : hours * 3_600_000;
};

/** The present key first; the old ones open what was sealed before the key was changed. */
export const masterKeys = (config: NotifierConfig): readonly Secret[] => [
  config.TOCSIN_SECRET_KEY,
  ...(config.TOCSIN_SECRET_KEY_PREVIOUS?.reveal() ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map((key) => new Secret(key)),
];
