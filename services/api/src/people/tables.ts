import type { Role } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';

/** Somebody who may sign in. */
export interface UserRow {
  readonly id: string;
  readonly project: string;
  readonly email: string;
  /** the address as it is looked up */
  readonly email_key: string;
  readonly name: string;
  readonly role: Role;
  /** null for who signs in elsewhere only */
  readonly password_hash: string | null;
  /** given by somebody else */
  readonly password_is_temporary: boolean;
  readonly disabled_at: Instant | null;
  readonly oidc_issuer: string | null;
  readonly oidc_subject: string | null;
  readonly totp_key_id: string | null;
  readonly totp_wrapped_key: Buffer | null;
  readonly totp_ciphertext: Buffer | null;
  /** null while its owner has not shown a code of it */
  readonly totp_confirmed_at: Instant | null;
  /** of the last code taken: a code is good once */
  readonly totp_last_step: number | null;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly last_signed_in_at: Instant | null;
}

export interface RecoveryCodeRow {
  readonly user_id: string;
  readonly code_hash: Buffer;
}

export interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly secret_hash: Buffer;
  readonly method: 'password' | 'oidc';
  readonly created_at: Instant;
  readonly last_seen_at: Instant;
  /** whatever is done with it */
  readonly expires_at: Instant;
  readonly network: string | null;
  readonly user_agent: string | null;
}

/** What is left of the guesses that one account or network has. */
export interface AttemptRow {
  readonly kind: 'account' | 'network';
  /** SHA-256: what people type into a field for addresses may be a password */
  readonly who: Buffer;
  readonly tokens: number;
  readonly counted_at: Instant;
}

/** Changes of who may do what: for the audit trail alone, nobody else reads them. */
export interface ChangeRow {
  readonly id: string;
  readonly project: string;
  readonly changed_at: Instant;
  readonly actor_kind: 'token' | 'key' | 'user' | 'system';
  readonly actor_id: string;
  readonly actor_name: string;
  readonly network: string | null;
  readonly kind: 'user' | 'token' | 'key';
  readonly action: string;
  readonly entity_id: string;
  readonly entity_name: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

export interface PeopleTables {
  'auth.user': UserRow;
  'auth.recovery_code': RecoveryCodeRow;
  'auth.session': SessionRow;
  'auth.attempt': AttemptRow;
  'auth.change': ChangeRow;
}
