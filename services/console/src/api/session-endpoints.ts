import { get, patch, post, put, remove } from './endpoint.js';

export type Role = 'viewer' | 'editor' | 'admin';

export interface SessionUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly twoFactor: boolean;
}

export interface Session {
  readonly user: SessionUser;
  readonly setup: boolean;
}

export interface Setup {
  /** nobody has an account yet: the first visitor makes the administrator */
  readonly required: boolean;
  readonly oidc: { readonly name: string } | null;
}

export interface UserInput {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

type Nothing = undefined;

export const sessionEndpoints = {
  getSession: get<Session>()('/session'),
  signIn: post<Session, { email: string; password: string; code?: string }>()('/session'),
  signOut: remove<Nothing>()('/session'),
  changePassword: post<Nothing, { current: string; next: string }>()('/session/password'),
  beginTwoFactor: post<{ uri: string; secret: string }>()('/session/two-factor'),
  confirmTwoFactor: put<Nothing, { code: string }>()('/session/two-factor'),
  endTwoFactor: remove<Nothing, { code: string }>()('/session/two-factor'),
  getSetup: get<Setup>()('/setup'),
  setUp: post<Session, { email: string; name: string; password: string }>()('/setup'),
  listUsers: get<{ items: SessionUser[]; nextCursor: string | null }, { limit?: number; cursor?: string }>()(
    '/users',
  ),
  createUser: post<SessionUser, UserInput>()('/users'),
  getUser: get<SessionUser>()('/users/{id}'),
  updateUser: patch<SessionUser, Partial<UserInput>>()('/users/{id}'),
  deleteUser: remove<Nothing>()('/users/{id}'),
} as const;
