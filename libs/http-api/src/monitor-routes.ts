import * as monitors from './monitors.js';
import { crud, json, list, type Route, route } from './route.js';

export const monitorRoutes: readonly Route[] = [
  ...crud({
    tag: 'monitors',
    noun: 'Monitor',
    label: 'monitor',
    input: monitors.monitorInput,
    patch: monitors.monitorPatch,
    view: monitors.monitorView,
    page: monitors.monitorPage,
    listQuery: monitors.monitorListQuery,
  }),
  route(
    'monitors',
    'pauseMonitor',
    'post',
    '/monitors/{id}/pause',
    'Stop checking',
    json(monitors.monitorView),
  ),
  route(
    'monitors',
    'resumeMonitor',
    'post',
    '/monitors/{id}/resume',
    'Check again',
    json(monitors.monitorView),
  ),
  route(
    'monitors',
    'runMonitor',
    'post',
    '/monitors/{id}/run',
    'Check now',
    json(monitors.runNowAnswer, 202),
  ),
  list(
    'monitors',
    'listResults',
    '/monitors/{id}/results',
    'Results, newest first',
    monitors.resultPage,
    monitors.resultListQuery,
  ),
  route(
    'monitors',
    'getMonitorStats',
    'get',
    '/monitors/{id}/stats',
    'Uptime and latency',
    json(monitors.statsView),
    {
      query: monitors.statsQuery,
    },
  ),
  list(
    'monitors',
    'listStatusChanges',
    '/monitors/{id}/status-history',
    'Status changes, newest first',
    monitors.statusHistoryPage,
    monitors.statusHistoryQuery,
  ),
];
