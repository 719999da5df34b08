import type { Instant } from '@tocsin/kernel';
import type { Tx } from '../../changes/change.store.js';
import type { Database } from '../../wiring.js';
import { type Author, recordUserChange, systemAt } from '../change.store.js';
import { endSessionsOf } from '../session.store.js';
import type { UserRow } from '../tables.js';
import { changeUser, hasAnotherAdministrator, insertUser, lockPeople, userByEmail } from '../user.store.js';
import { type Person, type Refusal, refusalOf } from './claims.js';
import type { OidcSettings } from './settings.js';

export type Found = { readonly user: UserRow } | { readonly refusal: Refusal };

/**
 * Who they are here: known by the issuer's name for them; else by an address that the issuer has verified; else somebody
 * new, where that is allowed.
 */
export function findOrMakeUser(
  db: Database,
  settings: OidcSettings,
  person: Person,
  network: string,
  now: Instant,
): Promise<Found> {
  return db.transaction().execute(async (tx): Promise<Found> => {
    const refusal = refusalOf(person, settings);
    if (refusal !== undefined) return { refusal };
    await lockPeople(tx);
    const author = systemAt(network);
    const known = await byIdentity(tx, settings.issuer, person.subject);
    if (known !== undefined) return { user: await withRole(tx, known, person, author, now) };
    const namesake = person.email === undefined ? undefined : await userByEmail(tx, person.email);
    if (namesake !== undefined) return await link(tx, namesake, { settings, person, author, now });
    if (!settings.create) return { refusal: 'not_allowed' };
    if (person.email === undefined) return { refusal: 'email_needed' };
    const { email, name } = person;
    const oidc = { issuer: settings.issuer, subject: person.subject };
    const role = person.role ?? settings.defaultRole;
    const user = await insertUser(tx, { email, name, role, passwordHash: null, oidc }, now);
    await recordUserChange(tx, author, { action: 'created', after: user }, now);
    return { user };
  });
}

const byIdentity = (tx: Tx, issuer: string, subject: string): Promise<UserRow | undefined> =>
  tx
    .selectFrom('auth.user')
    .selectAll()
    .where('oidc_issuer', '=', issuer)
    .where('oidc_subject', '=', subject)
    .executeTakeFirst();

interface Linking {
  readonly settings: OidcSettings;
  readonly person: Person;
  readonly author: Author;
  readonly now: Instant;
}

/** An address alone proves nothing: whoever may write any into their profile elsewhere would be anybody here. */
async function link(tx: Tx, before: UserRow, { settings, person, author, now }: Linking): Promise<Found> {
  if (!person.isVerified) return { refusal: 'email_not_verified' };
  if (before.oidc_issuer === settings.issuer) return { refusal: 'not_allowed' };
  const identity = { oidc_issuer: settings.issuer, oidc_subject: person.subject };
  const after = await changeUser(tx, before.id, identity, now);
  await recordUserChange(tx, author, { action: 'changed', before, after }, now);
  return { user: await withRole(tx, after, person, author, now) };
}

/** Roles given elsewhere are taken from there each time, but for the last administrator's. */
async function withRole(
  tx: Tx,
  before: UserRow,
  { role }: Person,
  author: Author,
  now: Instant,
): Promise<UserRow> {
  if (role === undefined || role === before.role) return before;
  if (before.role === 'admin' && !(await hasAnotherAdministrator(tx, before.id))) return before;
  const after = await changeUser(tx, before.id, { role }, now);
  await endSessionsOf(tx, before.id);
  await recordUserChange(tx, author, { action: 'changed', before, after }, now);
  return after;
}
