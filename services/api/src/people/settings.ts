import type { Trusted } from '../http/peer.js';
import type { OidcSettings } from './oidc/settings.js';
import type { SessionSpan } from './session.store.js';

export const PEOPLE = Symbol('people');

/** What signing in needs to know of its surroundings. */
export interface PeopleSettings {
  readonly sessions: SessionSpan;
  readonly isTrustedProxy: Trusted;
  readonly publicUrl: string | undefined;
  /** where people sign in elsewhere; undefined when nowhere */
  readonly oidc: OidcSettings | undefined;
}
