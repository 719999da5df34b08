import type { Role } from '@tocsin/http-api';
import type { Secret } from '@tocsin/service-kit';

/** Where people sign in elsewhere, and who of them may. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** what people call it */
  readonly name: string;
  /** path of the claim that names roles, as `realm_access.roles`; undefined: roles are given here */
  readonly roleClaim: string | undefined;
  /** of who is made here, or named in no role there */
  readonly defaultRole: Role;
  /** whether who is not known here is made */
  readonly create: boolean;
  /** empty: any */
  readonly domains: readonly string[];
}
