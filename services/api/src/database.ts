import type { AlertConfig } from '@tocsin/alerting';
import type { Scope } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';
import type { MonitorKind } from '@tocsin/monitoring';
import type { ProviderKind } from '@tocsin/notifying';

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
  readonly revision: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
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
  readonly record_kind: 'monitor' | 'provider';
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

/** The tables this service owns. What others publish is typed where it is read. */
export interface ApiDatabase {
  'config.monitors': MonitorRow;
  'config.jobs': JobRow;
  'config.notification_providers': ProviderRow;
  'config.monitor_notification_settings': MonitorLinkRow;
  'config.job_notification_settings': JobLinkRow;
  'config.secret': SecretRow;
  'config.heartbeat': HeartbeatRow;
  'auth.token': TokenRow;
  'auth.idempotency': IdempotencyRow;
}
