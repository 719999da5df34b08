import { z } from 'zod';
import { id, idParams, instant, name } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';
import type { Scope } from './tokens.js';

/** Each may do what the ones before it may. */
export const ROLES = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a role may do, in the word that tokens use for it. */
export const SCOPE_OF_ROLE: Readonly<Record<Role, Scope>> = {
  viewer: 'read',
  editor: 'write',
  admin: 'admin',
};

export const PASSWORD_LENGTH = { least: 10, most: 128 } as const;

const role = z.enum(ROLES);
const email = z.email('must be an e-mail address').max(254).trim();
/** One that somebody chooses; what else is wrong with it is told by the api, which knows the commonest. */
const newPassword = z
  .string()
  .min(PASSWORD_LENGTH.least, `must have at least ${PASSWORD_LENGTH.least} characters`)
  .max(PASSWORD_LENGTH.most, `must have at most ${PASSWORD_LENGTH.most} characters`);
/** One that is to be compared: whatever it is, it is right or wrong. */
const givenPassword = z.string().min(1).max(1000);
const code = z
  .string()
  .trim()
  .min(6)
  .max(40)
  .meta({ description: 'six digits of the authenticator app, or a recovery code' });

export const sessionUser = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    role,
    twoFactor: z.boolean(),
    passwordIsTemporary: z
      .boolean()
      .meta({ description: 'given by somebody else: nothing but choosing another is allowed' }),
    hasPassword: z.boolean().meta({ description: 'false for who signs in elsewhere only' }),
  })
  .meta({ id: 'SessionUser' });

export const sessionView = z.object({ user: sessionUser, setup: z.literal(false) }).meta({ id: 'Session' });

export const setupView = z
  .object({
    required: z.boolean().meta({ description: 'nobody can administer this yet' }),
    codeRequired: z.boolean().meta({
      description: 'from here, making the first administrator needs the token that the first start wrote',
    }),
    oidc: z.object({ name: z.string() }).nullable(),
  })
  .meta({ id: 'Setup' });

export const setupInput = z
  .strictObject({
    email,
    name,
    password: newPassword,
    code: z.string().trim().max(200).optional().meta({ description: "the first administrator's token" }),
  })
  .meta({ id: 'SetupInput' });

export const signInInput = z
  .strictObject({ email: z.string().trim().min(1).max(254), password: givenPassword, code: code.optional() })
  .meta({ id: 'SignInInput' });

export const passwordInput = z
  .strictObject({ current: givenPassword, next: newPassword })
  .meta({ id: 'PasswordInput' });

export const twoFactorStart = z
  .object({ uri: z.string(), secret: z.string() })
  .meta({ id: 'TwoFactorStart', description: 'for the authenticator app; shown this once' });
export const twoFactorInput = z.strictObject({ code }).meta({ id: 'TwoFactorInput' });
export const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()) })
  .meta({ id: 'RecoveryCodes', description: 'each signs in once; shown this once' });

export const ownSession = z
  .object({
    id,
    current: z.boolean(),
    createdAt: instant,
    lastSeenAt: instant,
    expiresAt: instant,
    network: z.string().nullable(),
    userAgent: z.string().nullable(),
    method: z.enum(['password', 'oidc']),
  })
  .meta({ id: 'OwnSession' });
export const sessionParams = idParams;
export const ownSessions = z.object({ items: z.array(ownSession) });

export const oidcStartQuery = z.strictObject({
  returnTo: z.string().max(2000).optional().meta({ description: 'a path of ours to come back to' }),
});
/** What an issuer sends along is its own business. */
export const oidcCallbackQuery = z.looseObject({
  code: z.string().max(4096).optional(),
  state: z.string().max(512).optional(),
});

const userFields = {
  id,
  email: z.string(),
  name: z.string(),
  role,
  disabled: z.boolean(),
  twoFactor: z.boolean(),
  passwordIsTemporary: z.boolean(),
  signsInWith: z.array(z.enum(['password', 'oidc'])),
  createdAt: instant,
  lastSignedInAt: instant.nullable(),
};
const oneTimePassword = z
  .string()
  .nullable()
  .meta({ description: 'good until its owner chooses another; shown this once, null when you chose it' });

export const userView = z.object(userFields).meta({ id: 'User' });
export const userCreated = z.object({ ...userFields, password: oneTimePassword }).meta({ id: 'UserCreated' });
export const userInput = z
  .strictObject({
    email,
    name,
    role,
    password: newPassword.optional().meta({ description: 'left out: one is made and shown once' }),
  })
  .meta({ id: 'UserInput' });
export const userPatch = z
  .strictObject({ name: name.optional(), role: role.optional(), disabled: z.boolean().optional() })
  .meta({ id: 'UserPatch' });
export const newUserPassword = z.object({ password: z.string() }).meta({ id: 'NewUserPassword' });

export const userListQuery = z.strictObject(pageQuery);
export const userPage = pageOf(userView);
export const userCursor = cursorFor('users', z.tuple([id]));

export type SessionUser = z.output<typeof sessionUser>;
export type SessionView = z.output<typeof sessionView>;
export type SetupView = z.output<typeof setupView>;
export type SetupInput = z.output<typeof setupInput>;
export type SignInInput = z.output<typeof signInInput>;
export type PasswordInput = z.output<typeof passwordInput>;
export type TwoFactorStart = z.output<typeof twoFactorStart>;
export type TwoFactorInput = z.output<typeof twoFactorInput>;
export type RecoveryCodes = z.output<typeof recoveryCodes>;
export type OwnSession = z.output<typeof ownSession>;
export type UserView = z.output<typeof userView>;
export type UserCreated = z.output<typeof userCreated>;
export type UserInput = z.output<typeof userInput>;
export type UserPatch = z.output<typeof userPatch>;
