import type * as api from '@tocsin/http-api';
import type { z } from 'zod';
import { get, patch, post, put, remove } from './endpoint.js';

type In<Schema extends z.ZodType> = z.input<Schema>;
type Out<Schema extends z.ZodType> = z.output<Schema>;
type Nothing = undefined;
interface Paged {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Who uses the console: signing in, and whom an administrator lets in. */
export const peopleEndpoints = {
  getSetup: get<api.SetupView>()('/setup'),
  setUp: post<api.SessionView, In<typeof api.setupInput>>()('/setup'),
  getSession: get<api.SessionView>()('/session'),
  signIn: post<api.SessionView, In<typeof api.signInInput>>()('/session'),
  signOut: remove<Nothing>()('/session'),
  changePassword: post<api.SessionView, In<typeof api.passwordInput>>()('/session/password'),
  listOwnSessions: get<z.output<typeof api.ownSessions>>()('/sessions'),
  endOwnSession: remove<Nothing>()('/sessions/{id}'),
  endOtherSessions: remove<Nothing>()('/sessions'),
  startTwoFactor: post<api.TwoFactorStart>()('/session/two-factor'),
  confirmTwoFactor: put<api.RecoveryCodes, In<typeof api.twoFactorInput>>()('/session/two-factor'),
  endTwoFactor: remove<Nothing, In<typeof api.twoFactorInput>>()('/session/two-factor'),

  listUsers: get<z.output<typeof api.userPage>, { readonly limit?: number; readonly cursor?: string }>()(
    '/users',
  ),
  createUser: post<api.UserCreated, In<typeof api.userInput>>()('/users'),
  getUser: get<api.UserView>()('/users/{id}'),
  updateUser: patch<api.UserView, In<typeof api.userPatch>>()('/users/{id}'),
  deleteUser: remove<Nothing>()('/users/{id}'),
  resetUserPassword: post<z.output<typeof api.newUserPassword>>()('/users/{id}/password'),
  resetUserTwoFactor: remove<Nothing>()('/users/{id}/two-factor'),

  listAudit: get<Out<typeof api.auditPage>, Paged & Omit<z.input<typeof api.auditQuery>, keyof Paged>>()(
    '/audit',
  ),
  listMonitorRevisions: get<Out<typeof api.revisionPage>, Paged>()('/monitors/{id}/revisions'),
  listJobRevisions: get<Out<typeof api.revisionPage>, Paged>()('/jobs/{id}/revisions'),
  listTestRevisions: get<Out<typeof api.revisionPage>, Paged>()('/tests/{id}/revisions'),
  listNotificationProviderRevisions: get<Out<typeof api.revisionPage>, Paged>()(
    '/notification-providers/{id}/revisions',
  ),
} as const;
