import { type Role, SCOPE_OF_ROLE, type Scope, type SessionUser, type UserView } from '@tocsin/http-api';
import type { UserRow } from './tables.js';

/** Addresses differ by more than case for nobody. */
export const emailKey = (email: string): string => email.trim().normalize('NFKC').toLowerCase();

export const scopesOf = (role: Role): readonly Scope[] => [SCOPE_OF_ROLE[role]];

export const hasTwoFactor = ({ totp_confirmed_at: at }: Pick<UserRow, 'totp_confirmed_at'>): boolean =>
  at !== null;

export const userView = (row: UserRow): UserView => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  disabled: row.disabled_at !== null,
  twoFactor: hasTwoFactor(row),
  passwordIsTemporary: row.password_is_temporary,
  signsInWith: [
    ...(row.password_hash === null ? [] : (['password'] as const)),
    ...(row.oidc_subject === null ? [] : (['oidc'] as const)),
  ],
  createdAt: row.created_at,
  lastSignedInAt: row.last_signed_in_at,
});

export const sessionUser = (row: UserRow): SessionUser => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  twoFactor: hasTwoFactor(row),
  passwordIsTemporary: row.password_is_temporary,
  hasPassword: row.password_hash !== null,
});
