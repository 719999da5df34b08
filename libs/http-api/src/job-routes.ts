import { z } from 'zod';
import * as keys from './job-keys.js';
import * as jobs from './jobs.js';
import { body, crud, json, list, type Route, route } from './route.js';
import * as runs from './runs.js';
import * as tests from './tests.js';
import * as variables from './variables.js';

/** Jobs, their runs, and what those are made of. */
export const jobRoutes: readonly Route[] = [
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
];
