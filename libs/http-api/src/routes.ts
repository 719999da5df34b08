import { z } from 'zod';
import * as history from './alert-history.js';
import * as alerts from './alerts.js';
import { explainRoutes } from './explain-routes.js';
import * as heartbeat from './heartbeat.js';
import { jobRoutes } from './job-routes.js';
import * as live from './live.js';
import { monitorRoutes } from './monitor-routes.js';
import * as providers from './notification-providers.js';
import * as notifications from './notifications.js';
import * as overview from './overview.js';
import { peopleRoutes } from './people-routes.js';
import { BASE, body, crud, json, list, type Route, route } from './route.js';
import { subscriptionRoutes } from './subscription-routes.js';
import * as tokens from './tokens.js';

const heartbeatRoutes = (['', '/fail'] as const).flatMap((end) =>
  (['get', 'post'] as const).map(
    (method): Route => ({
      name: `${method}Heartbeat${end === '' ? '' : 'Failure'}`,
      method,
      path: `${BASE}/heartbeat/{token}${end}`,
      tag: 'heartbeat',
      summary: end === '' ? 'Say that all is well' : 'Say that it failed',
      scope: 'none',
      params: heartbeat.heartbeatParams,
      ...(method === 'post'
        ? { body: { schema: heartbeat.heartbeatBody, contentType: 'text/plain', required: false } }
        : {}),
      answer: json(heartbeat.heartbeatAnswer),
      errors: ['not_found', 'payload_too_large', 'too_many_requests', 'internal', 'unavailable'],
    }),
  ),
);

const open = (name: string, path: string, summary: string, answer: Route['answer']): Route => ({
  name,
  method: 'get',
  path,
  tag: 'operations',
  summary,
  scope: 'none',
  answer,
  errors: [],
});

export type { Route } from './route.js';

/** Every route of the api, as data: the document is made of it and the tests walk through it. */
export const routes: readonly Route[] = [
  route('overview', 'getOverview', 'get', '/overview', 'How things are, in numbers', json(overview.overview)),
  route('overview', 'listTags', 'get', '/tags', 'Tags in use', json(overview.tagCounts)),
  ...monitorRoutes,
  ...jobRoutes,
  ...crud({
    tag: 'notification-providers',
    noun: 'NotificationProvider',
    label: 'notification provider',
    input: providers.providerInput,
    patch: providers.providerPatch,
    view: providers.providerView,
    page: providers.providerPage,
    listQuery: providers.providerListQuery,
    deletion: { query: providers.providerDeleteQuery, errors: ['provider_in_use'] },
  }),
  route(
    'notification-providers',
    'testNotificationProvider',
    'post',
    '/notification-providers/{id}/test',
    'Send a test message now',
    json(providers.providerTestAnswer),
  ),
  route(
    'notification-providers',
    'getNotificationProviderUsage',
    'get',
    '/notification-providers/{id}/usage',
    'Monitors and jobs that use it',
    json(providers.providerUsage),
  ),
  list('alerts', 'listAlerts', '/alerts', 'Alerts, newest first', alerts.alertPage, alerts.alertListQuery),
  list(
    'alerts',
    'listAlertHistory',
    '/alerts/history',
    'One row per alert event and provider',
    history.alertHistoryPage,
    history.alertHistoryQuery,
  ),
  route('alerts', 'countAlerts', 'get', '/alerts/counts', 'How many are open', json(alerts.alertCounts)),
  route(
    'alerts',
    'getAlert',
    'get',
    '/alerts/{id}',
    'An alert with its evidence, notifications and attempts',
    json(alerts.alertDetail),
  ),
  route(
    'alerts',
    'acknowledgeAlert',
    'post',
    '/alerts/{id}/acknowledge',
    'Say that somebody is on it',
    json(alerts.alertDetail),
    {
      body: body(alerts.acknowledgeInput, false),
    },
  ),
  list(
    'notifications',
    'listDeadLetters',
    '/notifications/dead-letters',
    'What could not be delivered',
    notifications.deadLetterPage,
    notifications.deadLetterQuery,
  ),
  route(
    'notifications',
    'redriveNotification',
    'post',
    '/notifications/{id}/redrive',
    'Try to deliver again',
    json(notifications.redriveAnswer, 202),
  ),
  ...subscriptionRoutes,
  list('tokens', 'listTokens', '/tokens', 'List tokens', tokens.tokenPage, tokens.tokenListQuery),
  route(
    'tokens',
    'createToken',
    'post',
    '/tokens',
    'Create a token; it is shown once',
    json(tokens.tokenCreated, 201),
    {
      body: body(tokens.tokenInput),
    },
  ),
  route('tokens', 'revokeToken', 'delete', '/tokens/{id}', 'Revoke a token', { status: 204 }),
  ...explainRoutes,
  ...peopleRoutes,
  route(
    'events',
    'streamEvents',
    'get',
    '/events',
    'Status, alert and delivery events as they happen, and those before them',
    {
      status: 200,
      contentType: 'text/event-stream',
      schema: z.string().meta({ example: 'id: 42\nevent: alert\ndata: {}\n\n' }),
    },
    { query: live.liveQuery, headers: live.liveHeaders },
  ),
  ...heartbeatRoutes,
  open('livez', '/livez', 'The process runs', json(live.liveness)),
  {
    ...open('readyz', '/readyz', 'It can do its work', json(live.readiness)),
    errors: ['unavailable'],
  },
  open('metrics', '/metrics', 'Prometheus metrics', {
    status: 200,
    contentType: 'text/plain',
    schema: z.string().meta({ example: 'tocsin_up 1\n' }),
  }),
];
