import { ROLES, type Role } from '@tocsin/http-api';
import { booleanFlag, cidrList, type Secret, secret } from '@tocsin/service-kit';
import { z } from 'zod';
import { trustedProxies } from '../http/peer.js';
import { isLoopbackHost } from '../http/site.js';
import type { GivenAdministrator } from './first-administrator.js';
import type { OidcSettings } from './oidc/settings.js';
import type { PeopleSettings } from './settings.js';

const HOUR_MS = 3_600_000;

const span = (most: number, standard: number) => z.coerce.number().int().min(1).max(most).default(standard);

export const peopleSettings = {
  TOCSIN_ADMIN_EMAIL: z.string().optional().describe('the first administrator, made at a start without one'),
  TOCSIN_ADMIN_PASSWORD: secret.optional().describe('with this password'),
  TOCSIN_SESSION_IDLE_HOURS: span(24 * 90, 24).describe('how long a session lasts that nobody uses'),
  TOCSIN_SESSION_DAYS: span(365, 30).describe('how long a session lasts at most'),
  TOCSIN_TRUSTED_PROXIES: cidrList
    .default([])
    .describe('addresses of proxies that are believed about whom they speak for'),
  TOCSIN_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .refine((url) => url.startsWith('https:') || isLoopbackHost(new URL(url).host), 'must be an https URL')
    .optional()
    .describe('where people sign in elsewhere, by OpenID Connect'),
  TOCSIN_OIDC_CLIENT_ID: z.string().optional().describe('as which client'),
  TOCSIN_OIDC_CLIENT_SECRET: secret.optional().describe('and with which secret'),
  TOCSIN_OIDC_NAME: z.string().max(50).default('OpenID Connect').describe('what people call it'),
  TOCSIN_OIDC_ROLE_CLAIM: z
    .string()
    .optional()
    .describe('claim that names roles; roles are given here without it'),
  TOCSIN_OIDC_DEFAULT_ROLE: z.enum(ROLES).default('viewer').describe('role of whoever has no other'),
  TOCSIN_OIDC_CREATE: booleanFlag.default(true).describe('whether whoever is not known here becomes a user'),
  TOCSIN_OIDC_DOMAINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim().toLowerCase().replace(/^@/, ''))
        .filter((item) => item !== ''),
    )
    .describe('domains of e-mail addresses that may sign in, separated by commas; any'),
};

interface PeopleConfig {
  readonly TOCSIN_ADMIN_EMAIL?: string | undefined;
  readonly TOCSIN_ADMIN_PASSWORD?: Secret | undefined;
  readonly TOCSIN_SESSION_IDLE_HOURS: number;
  readonly TOCSIN_SESSION_DAYS: number;
  readonly TOCSIN_TRUSTED_PROXIES: readonly string[];
  readonly TOCSIN_PUBLIC_URL?: string | undefined;
  readonly TOCSIN_OIDC_ISSUER?: string | undefined;
  readonly TOCSIN_OIDC_CLIENT_ID?: string | undefined;
  readonly TOCSIN_OIDC_CLIENT_SECRET?: Secret | undefined;
  readonly TOCSIN_OIDC_NAME: string;
  readonly TOCSIN_OIDC_ROLE_CLAIM?: string | undefined;
  readonly TOCSIN_OIDC_DEFAULT_ROLE: Role;
  readonly TOCSIN_OIDC_CREATE: boolean;
  readonly TOCSIN_OIDC_DOMAINS: readonly string[];
}

export const peopleSettingsOf = (config: PeopleConfig): PeopleSettings => ({
  sessions: {
    idleMs: config.TOCSIN_SESSION_IDLE_HOURS * HOUR_MS,
    wholeMs: config.TOCSIN_SESSION_DAYS * 24 * HOUR_MS,
  },
  isTrustedProxy: trustedProxies(config.TOCSIN_TRUSTED_PROXIES),
  publicUrl: config.TOCSIN_PUBLIC_URL,
  oidc: oidcOf(config),
});

export function givenAdministratorOf(config: PeopleConfig): GivenAdministrator | undefined {
  const { TOCSIN_ADMIN_EMAIL: email, TOCSIN_ADMIN_PASSWORD: password } = config;
  return email === undefined || password === undefined ? undefined : { email, password: password.reveal() };
}

/** Pairs and threes of which one alone means nothing. */
export function completePeopleSettings(config: PeopleConfig, context: z.RefinementCtx): void {
  for (const group of [
    ['TOCSIN_ADMIN_EMAIL', 'TOCSIN_ADMIN_PASSWORD'],
    ['TOCSIN_OIDC_ISSUER', 'TOCSIN_OIDC_CLIENT_ID', 'TOCSIN_OIDC_CLIENT_SECRET'],
  ] as const)
    for (const name of group)
      if (config[name] === undefined && group.some((other) => config[other] !== undefined))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `must be set with ${group.find((other) => config[other] !== undefined)}`,
        });
}

function oidcOf(config: PeopleConfig): OidcSettings | undefined {
  const {
    TOCSIN_OIDC_ISSUER: issuer,
    TOCSIN_OIDC_CLIENT_ID: clientId,
    TOCSIN_OIDC_CLIENT_SECRET: clientSecret,
  } = config;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret,
    name: config.TOCSIN_OIDC_NAME,
    roleClaim: config.TOCSIN_OIDC_ROLE_CLAIM,
    defaultRole: config.TOCSIN_OIDC_DEFAULT_ROLE,
    create: config.TOCSIN_OIDC_CREATE,
    domains: config.TOCSIN_OIDC_DOMAINS,
  };
}
