import { cidrList, type Secret, secret } from '@tocsin/service-kit';
import { z } from 'zod';
import { trustedProxies } from '../http/peer.js';
import type { GivenAdministrator } from './first-administrator.js';
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
};

interface PeopleConfig {
  readonly TOCSIN_ADMIN_EMAIL?: string | undefined;
  readonly TOCSIN_ADMIN_PASSWORD?: Secret | undefined;
  readonly TOCSIN_SESSION_IDLE_HOURS: number;
  readonly TOCSIN_SESSION_DAYS: number;
  readonly TOCSIN_TRUSTED_PROXIES: readonly string[];
  readonly TOCSIN_PUBLIC_URL?: string | undefined;
}

export const peopleSettingsOf = (config: PeopleConfig): PeopleSettings => ({
  sessions: {
    idleMs: config.TOCSIN_SESSION_IDLE_HOURS * HOUR_MS,
    wholeMs: config.TOCSIN_SESSION_DAYS * 24 * HOUR_MS,
  },
  isTrustedProxy: trustedProxies(config.TOCSIN_TRUSTED_PROXIES),
  publicUrl: config.TOCSIN_PUBLIC_URL,
  oidc: null,
});

export function givenAdministratorOf(config: PeopleConfig): GivenAdministrator | undefined {
  const { TOCSIN_ADMIN_EMAIL: email, TOCSIN_ADMIN_PASSWORD: password } = config;
  return email === undefined || password === undefined ? undefined : { email, password: password.reveal() };
}
