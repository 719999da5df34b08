import type { AlertConfig } from '@tocsin/alerting';
import type { SubscribedType } from '@tocsin/contracts';
import type { Scope } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';
import type { MonitorKind, TestKind } from '@tocsin/monitoring';
import type { ProviderKind } from '@tocsin/notifying';
import type { PeopleTables } from './people/tables.js';

export interface MonitorRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly type: MonitorKind;
  readonly target: string;
  readonly interval_seconds: number;
  readonly enabled: boolean;
  readonly enabled_at: Instant;
  readonly locations: string[];
  /** as in the event: a strategy or a number as text */
  readonly quorum: string;
  readonly description: string | null;
  readonly tags: string[];
  /** without its secrets */
  readonly config: JsonObject;
  /** where its secrets are: the secret settings with a mask for each value */
  readonly masks: JsonObject;
  readonly secret_version: number | null;
  readonly alert_config: AlertConfig;
  /** set of configuration files that owns it; null: kept by hand */
  readonly managed_by: string | null;
  readonly revision: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

export interface JobRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly enabled_at: Instant;
  readonly description: string | null;
  readonly tags: string[];
  /** ids, in order */
  readonly tests: string[];
  readonly cron: string | null;
  readonly time_zone: string;
  readonly timeout_seconds: number;
  readonly retries: number;
  readonly allow_overlap: boolean;
  readonly location: string;
  readonly alert_config: AlertConfig;
  /** set of configuration files that owns it; null: kept by hand */
  readonly managed_by: string | null;
  readonly revision: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

export interface ProviderRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly type: ProviderKind;
  readonly enabled: boolean;
  /** without its secrets */
  readonly config: JsonObject;
  /** where its secrets are: the secret settings with a mask for each value */
  readonly masks: JsonObject;
  readonly secret_version: number | null;
  /** set of configuration files that owns it; null: kept by hand */
  readonly managed_by: string | null;
  readonly revision: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

/** Another system, sent events over HTTP. */
export interface SubscriptionRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly event_types: SubscribedType[];
  /** null: it began with the first event there was */
  readonly start_at: Instant | null;
  /** without its secrets */
  readonly config: JsonObject;
  /** where its secrets are: the secret settings with a mask for each value */
  readonly masks: JsonObject;
  readonly secret_version: number | null;
  readonly revision: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

export interface TestRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly kind: TestKind;
  readonly definition: JsonObject;
  readonly description: string | null;
  readonly tags: string[];
  /** set of configuration files that owns it; null: kept by hand */
  readonly managed_by: string | null;
  readonly revision: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

/** How a test was. */
export interface TestVersionRow {
  readonly test_id: string;
  readonly revision: number;
  readonly name: string;
  readonly definition: JsonObject;
  readonly changed_at: Instant;
  /** name of the token */
  readonly changed_by: string;
}

export interface VariableRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly secret: boolean;
  /** null when it is secret */
  readonly value: string | null;
  readonly secret_version: number | null;
  /** of the value, written as JSON: so much of an answer to an executor it takes */
  readonly bytes: number;
  readonly description: string | null;
  /** set of configuration files that owns it; null: kept by hand */
  readonly managed_by: string | null;
  readonly revision: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

export interface JobTestRow {
  readonly job_id: string;
  readonly test_id: string;
  readonly position: number;
}

/** A key with which another system starts a job. */
export interface JobKeyRow {
  readonly id: string;
  readonly job_id: string;
  readonly name: string;
  readonly key_hash: Buffer;
  readonly max_starts: number;
  readonly per_seconds: number;
  readonly created_at: Instant;
  readonly expires_at: Instant | null;
  readonly last_used_at: Instant | null;
}

/** A run that was started with a key, as long as it counts against the key's limit. */
export interface JobKeyStartRow {
  readonly run_id: string;
  readonly key_id: string;
  readonly started_at: Instant;
}

/** A run that was asked for, to be shown until the other services have folded it. */
export interface RunRequestRow {
  readonly run_id: string;
  readonly job_id: string;
  readonly project: string;
  readonly trigger: 'manual' | 'remote';
  readonly location: string;
  readonly test_count: number;
  /** name of the token or key */
  readonly requested_by: string;
  readonly requested_at: Instant;
}

export interface RunCancelRow {
  readonly run_id: string;
  readonly job_id: string;
  readonly project: string;
  readonly requested_at: Instant;
}

export interface MonitorLinkRow {
  readonly monitor_id: string;
  readonly provider_id: string;
  readonly position: number;
}

export interface JobLinkRow {
  readonly job_id: string;
  readonly provider_id: string;
  readonly position: number;
}

interface SealedColumns {
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly ciphertext: Buffer;
}

export interface SecretRow extends SealedColumns {
  readonly record_id: string;
  readonly record_kind: 'monitor' | 'provider' | 'variable' | 'subscription';
  /** the revision of the record that brought it */
  readonly version: number;
  readonly created_at: Instant;
}

export interface HeartbeatRow extends SealedColumns {
  readonly monitor_id: string;
  readonly token_hash: Buffer;
}

export interface TokenRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly token_hash: Buffer;
  readonly scopes: Scope[];
  readonly created_at: Instant;
  readonly expires_at: Instant | null;
  readonly last_used_at: Instant | null;
}

/** An answer that was given, for who asks again with the same key. It may hold a token, so it is sealed. */
export interface IdempotencyRow {
  readonly token_id: string;
  readonly route: string;
  readonly key: string;
  readonly request_hash: Buffer;
  readonly sealing_key_id: string | null;
  readonly wrapped_key: Buffer | null;
  readonly ciphertext: Buffer | null;
  readonly created_at: Instant;
}

/** Where a change came from, beside its event. */
export interface EventOriginRow {
  readonly event_id: string;
  readonly network: string;
}

/** The tables this service owns. What others publish is typed where it is read. */
export interface ApiDatabase extends PeopleTables {
  'config.monitors': MonitorRow;
  'config.jobs': JobRow;
  'config.notification_providers': ProviderRow;
  'config.monitor_notification_settings': MonitorLinkRow;
  'config.job_notification_settings': JobLinkRow;
  'config.tests': TestRow;
  'config.test_version': TestVersionRow;
  'config.job_tests': JobTestRow;
  'config.subscriptions': SubscriptionRow;
  'config.variables': VariableRow;
  'config.job_key': JobKeyRow;
  'config.job_key_start': JobKeyStartRow;
  'config.run_request': RunRequestRow;
  'config.run_cancel': RunCancelRow;
  'config.event_origin': EventOriginRow;
  'config.secret': SecretRow;
  'config.heartbeat': HeartbeatRow;
  'auth.token': TokenRow;
  'auth.idempotency': IdempotencyRow;
}
