import type { EventLog } from '@tocsin/event-log';
import type { Instant } from '@tocsin/kernel';
import type { Secret } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { ApiDatabase } from './database.js';

/** What `@Inject` asks for; app.module.ts says where each comes from. */
export const DATABASE = Symbol('database');
export const EVENT_LOG = Symbol('event log');
export const LOGGER = Symbol('logger');
export const METRICS = Symbol('metrics');
export const CLOCK = Symbol('clock');
/** aborted when the stop begins */
export const STOPPING = Symbol('stopping');
export const NATS = Symbol('nats');
export const SECRET_KEYS = Symbol('secret keys');
/** whether the schemas are there: until then every route answers 503 */
export const READY = Symbol('ready');
export const PUBLIC_URL = Symbol('public url');
/** where the built console is; undefined: beside the api */
export const CONSOLE_DIR = Symbol('console dir');
export const ARTIFACTS = Symbol('artifacts');
/** runs of a project that may wait for their turn */
export const RUN_QUEUE_LIMIT = Symbol('run queue limit');

export type Database = Kysely<ApiDatabase>;
export type Log = EventLog;
export type Clock = () => Instant;
export type Ready = () => boolean;

export interface SecretKeys {
  readonly present: Secret;
  /** the present one first */
  readonly all: readonly Secret[];
}
