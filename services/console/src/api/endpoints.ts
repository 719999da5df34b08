import type * as api from '@tocsin/http-api';
import type { z } from 'zod';
import { get, patch, post, put, remove } from './endpoint.js';
import { peopleEndpoints } from './people-endpoints.js';
import { subscriptionEndpoints } from './subscription-endpoints.js';

type In<Schema extends z.ZodType> = z.input<Schema>;
type Out<Schema extends z.ZodType> = z.output<Schema>;
/** A query as callers write it: numbers and flags become text by themselves, a list is the parameter repeated. */
type Query<Schema extends z.ZodType> = {
  readonly [Key in keyof In<Schema>]?: string | number | boolean | readonly string[] | undefined;
};
type Nothing = undefined;

/** The table of routes as types, by their names; a test holds it to the `routes` of @tocsin/http-api. */
export const endpoints = {
  ...peopleEndpoints,
  ...subscriptionEndpoints,

  getOverview: get<api.Overview>()('/overview'),
  listTags: get<api.TagCounts>()('/tags'),

  listMonitors: get<Out<typeof api.monitorPage>, Query<typeof api.monitorListQuery>>()('/monitors'),
  createMonitor: post<api.MonitorView, In<typeof api.monitorInput>>()('/monitors'),
  getMonitor: get<api.MonitorView>()('/monitors/{id}'),
  replaceMonitor: put<api.MonitorView, In<typeof api.monitorInput>>()('/monitors/{id}'),
  updateMonitor: patch<api.MonitorView, In<typeof api.monitorPatch>>()('/monitors/{id}'),
  deleteMonitor: remove<Nothing>()('/monitors/{id}'),
  pauseMonitor: post<api.MonitorView>()('/monitors/{id}/pause'),
  resumeMonitor: post<api.MonitorView>()('/monitors/{id}/resume'),
  runMonitor: post<Out<typeof api.runNowAnswer>>()('/monitors/{id}/run'),
  testMonitor: post<api.ResultView, In<typeof api.monitorTestInput>>()('/monitors/test'),
  changeMonitors: post<api.MonitorBulkAnswer, In<typeof api.monitorBulkInput>>()('/monitors/bulk'),
  getMonitorBars: get<api.MonitorBars, Query<typeof api.monitorBarsQuery>>()('/monitors/bars'),
  getMonitorBar: get<api.MonitorBar, Query<typeof api.monitorBarQuery>>()('/monitors/{id}/bar'),
  getMonitorLocations: get<Out<typeof api.locationStatsView>, Query<typeof api.locationStatsQuery>>()(
    '/monitors/{id}/locations',
  ),
  listResults: get<Out<typeof api.resultPage>, Query<typeof api.resultListQuery>>()('/monitors/{id}/results'),
  getMonitorStats: get<api.StatsView, Query<typeof api.statsQuery>>()('/monitors/{id}/stats'),
  listStatusChanges: get<Out<typeof api.statusHistoryPage>, Query<typeof api.statusHistoryQuery>>()(
    '/monitors/{id}/status-history',
  ),
  listMonitorRevisions: get<Out<typeof api.revisionPage>, Query<typeof api.revisionQuery>>()(
    '/monitors/{id}/revisions',
  ),

  listJobs: get<Out<typeof api.jobPage>, Query<typeof api.jobListQuery>>()('/jobs'),
  createJob: post<api.JobView, In<typeof api.jobInput>>()('/jobs'),
  getJob: get<api.JobView>()('/jobs/{id}'),
  replaceJob: put<api.JobView, In<typeof api.jobInput>>()('/jobs/{id}'),
  updateJob: patch<api.JobView, In<typeof api.jobPatch>>()('/jobs/{id}'),
  deleteJob: remove<Nothing>()('/jobs/{id}'),
  runJob: post<api.TriggerAnswer>()('/jobs/{id}/run'),
  listMissedRuns: get<Out<typeof api.missedRunsPage>, Query<typeof api.missedRunsQuery>>()(
    '/jobs/{id}/missed',
  ),
  previewCron: post<api.CronPreview, In<typeof api.cronPreviewInput>>()('/cron/preview'),
  listJobKeys: get<Out<typeof api.jobKeyPage>, Query<typeof api.jobKeyListQuery>>()('/jobs/{id}/keys'),
  createJobKey: post<api.JobKeyCreated, In<typeof api.jobKeyInput>>()('/jobs/{id}/keys'),
  revokeJobKey: remove<Nothing>()('/jobs/{id}/keys/{keyId}'),
  listJobRevisions: get<Out<typeof api.revisionPage>, Query<typeof api.revisionQuery>>()(
    '/jobs/{id}/revisions',
  ),

  listRuns: get<Out<typeof api.runPage>, Query<typeof api.runListQuery>>()('/jobs/{id}/runs'),
  listAllRuns: get<Out<typeof api.runPage>, Query<typeof api.allRunsQuery>>()('/runs'),
  getRun: get<api.RunDetail>()('/runs/{id}'),
  cancelRun: post<api.RunDetail>()('/runs/{id}/cancel'),

  listTests: get<Out<typeof api.testPage>, Query<typeof api.testListQuery>>()('/tests'),
  createTest: post<api.TestView, In<typeof api.testInput>>()('/tests'),
  getTest: get<api.TestView>()('/tests/{id}'),
  replaceTest: put<api.TestView, In<typeof api.testInput>>()('/tests/{id}'),
  updateTest: patch<api.TestView, In<typeof api.testPatch>>()('/tests/{id}'),
  deleteTest: remove<Nothing, Nothing, Query<typeof api.testDeleteQuery>>()('/tests/{id}'),
  listTestVersions: get<Out<typeof api.testVersionPage>, Query<typeof api.testVersionQuery>>()(
    '/tests/{id}/versions',
  ),
  getTestUsage: get<api.TestUsage>()('/tests/{id}/usage'),
  listTestRevisions: get<Out<typeof api.revisionPage>, Query<typeof api.revisionQuery>>()(
    '/tests/{id}/revisions',
  ),

  listVariables: get<Out<typeof api.variablePage>, Query<typeof api.variableListQuery>>()('/variables'),
  createVariable: post<api.VariableView, In<typeof api.variableInput>>()('/variables'),
  getVariable: get<api.VariableView>()('/variables/{id}'),
  updateVariable: patch<api.VariableView, In<typeof api.variablePatch>>()('/variables/{id}'),
  deleteVariable: remove<Nothing>()('/variables/{id}'),

  listNotificationProviders: get<Out<typeof api.providerPage>, Query<typeof api.providerListQuery>>()(
    '/notification-providers',
  ),
  createNotificationProvider: post<api.ProviderView, In<typeof api.providerInput>>()(
    '/notification-providers',
  ),
  getNotificationProvider: get<api.ProviderView>()('/notification-providers/{id}'),
  replaceNotificationProvider: put<api.ProviderView, In<typeof api.providerInput>>()(
    '/notification-providers/{id}',
  ),
  updateNotificationProvider: patch<api.ProviderView, In<typeof api.providerPatch>>()(
    '/notification-providers/{id}',
  ),
  deleteNotificationProvider: remove<Nothing, Nothing, Query<typeof api.providerDeleteQuery>>()(
    '/notification-providers/{id}',
  ),
  testNotificationProvider: post<api.ProviderTestAnswer>()('/notification-providers/{id}/test'),
  getNotificationProviderUsage: get<api.ProviderUsage>()('/notification-providers/{id}/usage'),
  listNotificationProviderRevisions: get<Out<typeof api.revisionPage>, Query<typeof api.revisionQuery>>()(
    '/notification-providers/{id}/revisions',
  ),

  listAlerts: get<Out<typeof api.alertPage>, Query<typeof api.alertListQuery>>()('/alerts'),
  listAlertHistory: get<Out<typeof api.alertHistoryPage>, Query<typeof api.alertHistoryQuery>>()(
    '/alerts/history',
  ),
  countAlerts: get<api.AlertCounts>()('/alerts/counts'),
  getAlert: get<api.AlertDetail>()('/alerts/{id}'),
  explainAlert: get<api.AlertExplanation>()('/alerts/{id}/explanation'),
  explainMonitor: get<api.TargetExplanation, Query<typeof api.explanationQuery>>()(
    '/monitors/{id}/explanation',
  ),
  explainJob: get<api.TargetExplanation, Query<typeof api.explanationQuery>>()('/jobs/{id}/explanation'),
  whatIf: post<api.WhatIfAnswer, In<typeof api.whatIfInput>>()('/what-if'),
  acknowledgeAlert: post<api.AlertDetail, In<typeof api.acknowledgeInput>>()('/alerts/{id}/acknowledge'),

  listDeadLetters: get<Out<typeof api.deadLetterPage>, Query<typeof api.deadLetterQuery>>()(
    '/notifications/dead-letters',
  ),
  redriveNotification: post<Out<typeof api.redriveAnswer>>()('/notifications/{id}/redrive'),

  listTokens: get<Out<typeof api.tokenPage>, Query<typeof api.tokenListQuery>>()('/tokens'),
  createToken: post<api.TokenCreated, In<typeof api.tokenInput>>()('/tokens'),
  revokeToken: remove<Nothing>()('/tokens/{id}'),

  listAudit: get<Out<typeof api.auditPage>, Query<typeof api.auditQuery>>()('/audit'),
} as const;

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
