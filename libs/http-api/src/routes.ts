import { z } from 'zod';
import * as history from './alert-history.js';
import * as alerts from './alerts.js';
import * as heartbeat from './heartbeat.js';
import * as keys from './job-keys.js';
import * as jobs from './jobs.js';
import * as live from './live.js';
import { monitorRoutes } from './monitor-routes.js';
import * as providers from './notification-providers.js';
import * as notifications from './notifications.js';
import * as overview from './overview.js';
import { peopleRoutes } from './people-routes.js';
import { BASE, body, crud, json, list, type Route, route } from './route.js';
import * as runs from './runs.js';
import * as tests from './tests.js';
import * as tokens from './tokens.js';
import * as variables from './variables.js';

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
  ...crud({
    tag: 'jobs',
    noun: 'Job',
    label: 'job',
    input: jobs.jobInput,
    patch: jobs.jobPatch,
    view: jobs.jobView,
    page: jobs.jobPage,
    listQuery: jobs.jobListQuery,
  }),
  list('jobs', 'listRuns', '/jobs/{id}/runs', 'Runs of a job, newest first', runs.runPage, runs.runListQuery),
  list(
    'jobs',
    'listMissedRuns',
    '/jobs/{id}/missed',
    'Slots that were not run, newest first',
    runs.missedRunsPage,
    runs.missedRunsQuery,
  ),
  {
    ...route(
      'jobs',
      'previewCron',
      'post',
      '/cron/preview',
      'When a cron expression would run',
      json(jobs.cronPreview),
      { body: body(jobs.cronPreviewInput) },
    ),
    scope: 'read',
  },
  route('jobs', 'reportRun', 'post', '/jobs/{id}/runs', 'Report a finished run', json(runs.runView, 201), {
    body: body(runs.runReport),
  }),
  route('jobs', 'runJob', 'post', '/jobs/{id}/run', 'Run now', json(runs.triggerAnswer, 202)),
  route('jobs', 'runJobNamed', 'post', '/jobs/run', 'Run now', json(runs.triggerAnswer, 202), {
    body: body(runs.runJobInput),
    errors: ['not_found'],
  }),
  {
    ...route(
      'jobs',
      'triggerJob',
      'post',
      '/jobs/{id}/trigger',
      'Start a run from another system, with a key of the job as Bearer token',
      { ...json(runs.triggerAnswer, 202), headers: keys.allowanceHeaders },
    ),
    scope: 'key',
    // Whether there is such a job is told to nobody without a key of it.
    errors: [
      'validation_failed',
      'unauthorized',
      'conflict',
      'idempotency_mismatch',
      'too_many_requests',
      'internal',
      'unavailable',
    ],
  },
  list('jobs', 'listJobKeys', '/jobs/{id}/keys', 'Keys of a job', keys.jobKeyPage, keys.jobKeyListQuery),
  route(
    'jobs',
    'createJobKey',
    'post',
    '/jobs/{id}/keys',
    'Create a key; it is shown once',
    json(keys.jobKeyCreated, 201),
    { body: body(keys.jobKeyInput) },
  ),
  {
    ...route('jobs', 'revokeJobKey', 'delete', '/jobs/{id}/keys/{keyId}', 'Revoke a key', { status: 204 }),
    params: keys.jobKeyParams,
  },
  list('runs', 'listAllRuns', '/runs', 'Runs of all jobs, newest first', runs.runPage, runs.allRunsQuery),
  route('runs', 'getRun', 'get', '/runs/{id}', 'A run with its tests and artifacts', json(runs.runDetail)),
  route('runs', 'cancelRun', 'post', '/runs/{id}/cancel', 'End a run', json(runs.runDetail, 202)),
  route(
    'runs',
    'streamRunOutput',
    'get',
    '/runs/{id}/output',
    'What a run says, from its beginning, while it runs',
    {
      status: 200,
      contentType: 'text/event-stream',
      schema: z.string().meta({ example: 'id: 7\nevent: output\ndata: {}\n\n' }),
    },
    { headers: runs.runOutputHeaders },
  ),
  {
    ...route(
      'runs',
      'getArtifact',
      'get',
      '/runs/{id}/artifacts/{name}',
      'Something a run left behind; slashes of the name are written %2F',
      { status: 200, contentType: 'application/octet-stream', schema: z.string() },
    ),
    params: runs.artifactParams,
  },
  ...crud({
    tag: 'tests',
    noun: 'Test',
    label: 'test',
    input: tests.testInput,
    patch: tests.testPatch,
    view: tests.testView,
    page: tests.testPage,
    listQuery: tests.testListQuery,
    deletion: { query: tests.testDeleteQuery, errors: ['test_in_use'] },
  }),
  list(
    'tests',
    'listTestVersions',
    '/tests/{id}/versions',
    'How a test was, newest first',
    tests.testVersionPage,
    tests.testVersionQuery,
  ),
  route(
    'tests',
    'getTestUsage',
    'get',
    '/tests/{id}/usage',
    'Jobs and monitors that use it',
    json(tests.testUsage),
  ),
  ...crud({
    tag: 'variables',
    noun: 'Variable',
    label: 'variable',
    input: variables.variableInput,
    patch: variables.variablePatch,
    view: variables.variableView,
    page: variables.variablePage,
    listQuery: variables.variableListQuery,
  }),
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
  ...peopleRoutes,
  route(
    'events',
    'streamEvents',
    'get',
    '/events',
    'Live status, alert and delivery events',
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
