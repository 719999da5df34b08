import type { ErrorCode } from '@tocsin/kernel';
import { z } from 'zod';
import * as audit from './audit.js';
import * as people from './people.js';
import { AUTH, BASE, BODY, body, json, list, type Route, route } from './route.js';

/** What signing in is made of: a repeat is another attempt, so there are no idempotency keys. */
function own(
  name: string,
  method: Route['method'],
  path: string,
  summary: string,
  answer: Route['answer'],
  more: Partial<Pick<Route, 'scope' | 'query' | 'body' | 'params'>> & {
    readonly errors?: readonly ErrorCode[];
  } = {},
): Route {
  const { errors = [], ...rest } = more;
  const checked = rest.query !== undefined || rest.params !== undefined;
  return {
    name,
    method,
    path: BASE + path,
    tag: path.startsWith('/setup') ? 'setup' : 'session',
    summary,
    scope: 'session',
    answer,
    ...rest,
    errors: [
      ...new Set<ErrorCode>([
        ...(checked ? (['validation_failed'] as const) : []),
        ...(rest.body === undefined ? [] : BODY),
        ...errors,
        ...AUTH,
      ]),
    ],
  };
}

const REVISED = [
  ['monitors', 'Monitor', 'monitor'],
  ['jobs', 'Job', 'job'],
  ['tests', 'Test', 'test'],
  ['notification-providers', 'NotificationProvider', 'notification provider'],
  ['subscriptions', 'Subscription', 'webhook subscription'],
] as const;

const given = (schema: z.ZodType) => ({ body: body(schema) });
const OPEN = { scope: 'none' } as const;
const GONE = { status: 204 } as const;
/** A browser is sent on; where to is in `location`. */
const ELSEWHERE = { status: 302 } as const;

export const peopleRoutes: readonly Route[] = [
  own('getSetup', 'get', '/setup', 'Whether there is anybody yet', json(people.setupView), OPEN),
  own('setUp', 'post', '/setup', 'Make the first administrator and sign in', json(people.sessionView, 201), {
    ...OPEN,
    ...given(people.setupInput),
    errors: ['conflict'],
  }),
  own('getSession', 'get', '/session', 'Who is signed in here', json(people.sessionView), {
    errors: ['password_change_required'],
  }),
  own('signIn', 'post', '/session', 'Sign in', json(people.sessionView), {
    ...OPEN,
    ...given(people.signInInput),
    errors: ['code_required'],
  }),
  own('signOut', 'delete', '/session', 'Sign out', GONE),
  own(
    'changePassword',
    'post',
    '/session/password',
    'Choose another password; all other sessions end',
    json(people.sessionView),
    given(people.passwordInput),
  ),
  own('listOwnSessions', 'get', '/sessions', 'Where one is signed in', json(people.ownSessions)),
  own('endOwnSession', 'delete', '/sessions/{id}', 'End one of them', GONE, {
    params: people.sessionParams,
    errors: ['not_found'],
  }),
  own('endOtherSessions', 'delete', '/sessions', 'End all but this one', GONE),
  own(
    'startTwoFactor',
    'post',
    '/session/two-factor',
    'A secret for an authenticator app',
    json(people.twoFactorStart),
    { errors: ['conflict'] },
  ),
  own(
    'confirmTwoFactor',
    'put',
    '/session/two-factor',
    'Ask for codes from now on',
    json(people.recoveryCodes),
    { ...given(people.twoFactorInput), errors: ['conflict'] },
  ),
  own('endTwoFactor', 'delete', '/session/two-factor', 'Ask for codes no more', GONE, {
    ...given(people.twoFactorInput),
    errors: ['conflict'],
  }),
  own('startOidc', 'get', '/session/oidc', 'Sign in elsewhere', ELSEWHERE, {
    ...OPEN,
    query: people.oidcStartQuery,
    errors: ['not_found'],
  }),
  own('finishOidc', 'get', '/session/oidc/callback', 'Back from there', ELSEWHERE, {
    ...OPEN,
    query: people.oidcCallbackQuery,
    errors: ['not_found'],
  }),
  list('users', 'listUsers', '/users', 'Who may sign in', people.userPage, people.userListQuery),
  route('users', 'createUser', 'post', '/users', 'Let somebody sign in', json(people.userCreated, 201), {
    body: body(people.userInput),
  }),
  route('users', 'getUser', 'get', '/users/{id}', 'Show a user', json(people.userView)),
  route(
    'users',
    'updateUser',
    'patch',
    '/users/{id}',
    'Name, role, or whether one may sign in',
    json(people.userView),
    {
      body: body(people.userPatch),
      errors: ['conflict'],
    },
  ),
  route('users', 'deleteUser', 'delete', '/users/{id}', 'Delete a user', GONE, { errors: ['conflict'] }),
  route(
    'users',
    'resetUserPassword',
    'post',
    '/users/{id}/password',
    'A one-time password for who has lost theirs; it is shown once',
    json(people.newUserPassword),
  ),
  route(
    'users',
    'resetUserTwoFactor',
    'delete',
    '/users/{id}/two-factor',
    'For who has lost their authenticator app and codes',
    GONE,
  ),
  list('audit', 'listAudit', '/audit', 'Who changed what, newest first', audit.auditPage, audit.auditQuery),
  route(
    'audit',
    'exportAudit',
    'get',
    '/audit/export',
    'The audit trail as JSON Lines, newest first, nothing cut',
    { status: 200, contentType: 'application/x-ndjson', schema: z.string() },
    { query: audit.auditExportQuery },
  ),
  ...REVISED.map(([tag, noun, label]) =>
    list(
      tag,
      `list${noun}Revisions`,
      `/${tag}/{id}/revisions`,
      `How a ${label} was configured, newest first`,
      audit.revisionPage,
      audit.revisionQuery,
    ),
  ),
];
