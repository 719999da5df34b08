import { parseSubscribers, type Subscriber } from '@tocsin/contracts';
import { AUDITOR_ROLE } from '@tocsin/database';
import { z } from 'zod';
import type { ProvisionOptions } from './provision.js';
import { DATABASE_ROLES } from './schemas.js';

const scale = z.coerce.number().positive().default(1);

/** TOCSIN_STREAM_BYTES_SCALE: 1 for the streams as they are defined, 0.1 for a tenth of the disk. */
export function streamBytesScale(env: NodeJS.ProcessEnv): number {
  const parsed = scale.safeParse(env.TOCSIN_STREAM_BYTES_SCALE || undefined);
  if (!parsed.success) throw new Error('TOCSIN_STREAM_BYTES_SCALE must be a number above 0, such as 0.25');
  return parsed.data;
}

/** `tocsin_api` has its password in TOCSIN_DB_API_PASSWORD. */
const passwordVariable = (role: string) => `${role.replace(/^tocsin_/, 'TOCSIN_DB_').toUpperCase()}_PASSWORD`;

function rolePasswords(env: NodeJS.ProcessEnv): Record<string, string> | undefined {
  const given = DATABASE_ROLES.filter((role) => env[passwordVariable(role)]);
  if (given.length === 0) return undefined;
  const missing = DATABASE_ROLES.filter((role) => !given.includes(role)).map(passwordVariable);
  if (missing.length > 0) throw new Error(`set ${missing.join(', ')} as well, or no such password at all`);
  // Who has none asks for no auditor
  const roles = [...given, ...(env[passwordVariable(AUDITOR_ROLE)] ? [AUDITOR_ROLE] : [])];
  return Object.fromEntries(roles.map((role) => [role, env[passwordVariable(role)] ?? '']));
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function streamReplicas(env: NodeJS.ProcessEnv): number | undefined {
  const text = env.TOCSIN_STREAM_REPLICAS;
  if (!text) return undefined;
  if (!/^[1-5]$/.test(text)) throw new Error('TOCSIN_STREAM_REPLICAS must be a number from 1 to 5');
  return Number(text);
}

/** TOCSIN_ARTIFACT_RETENTION_DAYS: how long reports, traces and screenshots of runs are kept. */
export function artifactDays(env: NodeJS.ProcessEnv): number | undefined {
  const text = env.TOCSIN_ARTIFACT_RETENTION_DAYS;
  if (!text) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error('TOCSIN_ARTIFACT_RETENTION_DAYS must be a number of days from 1 to 9999');
  return Number(text);
}

/** TOCSIN_LOCATIONS: where executors are, separated by commas; undefined for the one there is from the start. */
export function provisionLocations(env: NodeJS.ProcessEnv): string[] | undefined {
  const locations = (env.TOCSIN_LOCATIONS ?? '').split(',').flatMap((text) => text.trim() || []);
  return locations.length > 0 ? locations : undefined;
}

/** TOCSIN_SUBSCRIBERS: who hears what happens, `name:project` separated by commas; undefined where nobody says. */
export const provisionSubscribers = (env: NodeJS.ProcessEnv): Subscriber[] | undefined =>
  env.TOCSIN_SUBSCRIBERS === undefined ? undefined : parseSubscribers(env.TOCSIN_SUBSCRIBERS);

/** What the command line's environment says. */
export function provisionOptions(env: NodeJS.ProcessEnv): ProvisionOptions {
  return {
    natsUrl: required(env, 'NATS_URL'),
    databaseUrl: required(env, 'DATABASE_URL'),
    rolePasswords: rolePasswords(env),
    locations: provisionLocations(env),
    replicas: streamReplicas(env),
    maxBytesScale: streamBytesScale(env),
    artifactDays: artifactDays(env),
    subscribers: provisionSubscribers(env),
  };
}
