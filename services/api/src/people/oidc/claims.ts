import { ROLES, type Role } from '@tocsin/http-api';
import { z } from 'zod';
import type { OidcSettings } from './settings.js';

const claimsSchema = z.looseObject({
  sub: z.string().min(1).max(255),
  email: z.email().max(254).optional(),
  email_verified: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
    .optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

/** What an issuer says of somebody, as far as it concerns us. */
export interface Person {
  readonly subject: string;
  readonly email: string | undefined;
  readonly isVerified: boolean;
  readonly name: string;
  /** undefined: roles are given here */
  readonly role: Role | undefined;
}

/** @throws ZodError for claims that are none */
export function personOf(claims: unknown, { roleClaim, defaultRole }: OidcSettings): Person {
  const {
    sub,
    email,
    email_verified: isVerified,
    name,
    preferred_username: username,
    ...rest
  } = claimsSchema.parse(claims);
  const shownName =
    [name, username, email, sub].find((text) => text !== undefined && text.trim() !== '') ?? sub;
  return {
    subject: sub,
    email,
    isVerified: isVerified ?? false,
    name: shownName.trim().slice(0, 255),
    role: roleClaim === undefined ? undefined : (highestOf(at(rest, roleClaim)) ?? defaultRole),
  };
}

/** The claim by its whole name first: some are URLs, and have dots of their own. */
function at(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (node, part) =>
        typeof node === 'object' && node !== null && Object.hasOwn(node, part)
          ? (node as Record<string, unknown>)[part]
          : undefined,
      claims,
    );
}

function highestOf(value: unknown): Role | undefined {
  const named = typeof value === 'string' ? value.split(/[\s,]+/) : Array.isArray(value) ? value : [];
  return ROLES.toReversed().find((role) => named.includes(role));
}

export type Refusal = 'not_allowed' | 'email_needed' | 'email_not_verified';

/** Whether somebody with these claims may be here at all. */
export function refusalOf({ email, isVerified }: Person, { domains }: OidcSettings): Refusal | undefined {
  if (domains.length === 0) return undefined;
  if (email === undefined) return 'email_needed';
  // An address nobody has verified is of whichever domain its owner likes.
  if (!isVerified) return 'email_not_verified';
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return domains.includes(domain) ? undefined : 'not_allowed';
}
