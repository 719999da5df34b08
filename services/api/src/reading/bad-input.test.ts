import { resultCursor, routes } from '@tocsin/http-api';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { insertRows, jobRow, monitorRow, uuid } from './views.fixture.js';

const MONITOR = uuid(100);
const JOB = uuid(101);
const OF_MONITOR = `/monitors/${MONITOR}`;
const OF_JOB = `/jobs/${JOB}`;

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  await insertRows(api.db, 'config.monitors', [monitorRow(MONITOR)]);
  await insertRows(api.db, 'config.jobs', [jobRow(JOB)]);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const LISTS = [
  `${OF_MONITOR}/results`,
  `${OF_MONITOR}/status-history`,
  `${OF_JOB}/runs`,
  '/runs',
  '/alerts',
  '/alerts/history',
  `${OF_JOB}/missed`,
  '/notifications/dead-letters',
];
const TIMED = LISTS.slice(0, 6);
const WITH_ID = [
  '/monitors/{id}/results',
  '/monitors/{id}/stats',
  '/monitors/{id}/status-history',
  '/monitors/{id}/bar',
  '/monitors/{id}/locations',
  '/jobs/{id}/runs',
  '/jobs/{id}/missed',
  '/alerts/{id}',
  '/runs/{id}',
  '/runs/{id}/output',
];
/** Of a list that is none of these. */
const FOREIGN_CURSOR = resultCursor.encode(['2026-01-31T12:00:00.000Z', 'local']);
const foreignCursor = (path: string) =>
  path.endsWith('/results') ? FOREIGN_CURSOR.slice(2) : FOREIGN_CURSOR;

/** path, query, the field that is named */
const TABLE: readonly (readonly [string, string, string])[] = [
  ...LISTS.flatMap((path) =>
    [
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=1.5', 'limit'],
      ['cursor=', 'cursor'],
      ['cursor=%25%25', 'cursor'],
      [`cursor=${'x'.repeat(3001)}`, 'cursor'],
      [`cursor=${foreignCursor(path)}`, 'cursor'],
      ['offset=10', 'offset'],
      ['limit=1&limit=2', 'limit'],
      ['__proto__=1', '?'],
    ].map(([query = '', field = '']) => [path, query, field] as const),
  ),
  ...TIMED.flatMap((path) =>
    ['from=yesterday', 'from=2026-01-31', 'from=2026-01-31T12:00:00'].map(
      (query) => [path, query, 'from'] as const,
    ),
  ),
  [`${OF_MONITOR}/results`, 'outcome=good', 'outcome'],
  [`${OF_MONITOR}/results`, 'location=a%20b', 'location'],
  [`${OF_MONITOR}/results`, 'location=%00', 'location'],
  [`${OF_MONITOR}/stats`, 'period=1y', 'period'],
  [`${OF_MONITOR}/stats`, 'limit=1', 'limit'],
  [`${OF_MONITOR}/bar`, 'checks=0', 'checks'],
  [`${OF_MONITOR}/locations`, 'period=1y', 'period'],
  ['/monitors/bars', 'ids=1', 'ids'],
  ['/overview', 'at=now', 'at'],
  ['/tags', 'limit=1', 'limit'],
  ['/alerts/counts', 'state=open', 'state'],
  [`${OF_JOB}/runs`, 'status=up', 'status'],
  ['/alerts', 'state=closed', 'state'],
  ['/alerts', 'targetId=17', 'targetId'],
  ['/alerts', 'targetKind=website', 'targetKind'],
  ['/alerts', 'type=weather', 'type'],
  ['/alerts/history', 'status=lost', 'status'],
  ['/alerts/history', 'targetType=provider', 'targetType'],
  ['/alerts/history', 'targetId=null', 'targetId'],
  ['/notifications/dead-letters', 'providerId=x', 'providerId'],
  ['/notifications/dead-letters', 'state=planned', 'state'],
  [`/alerts/${uuid(1)}`, 'expand=all', 'expand'],
];

describe('what cannot be meant is refused by name', () => {
  it.each(TABLE)('%s?%s: %s', async (path, query, field) => {
    const { status, body } = await api.admin.get(`${path}?${query}`);
    expect([status, body]).toMatchObject([400, { errors: [{ field }] }]);
  });

  it.each(WITH_ID)('%s without a uuid: id', async (path) => {
    for (const id of ['17', 'null', `${uuid(1)}0`, '%00', "1'or'1"]) {
      const { status, body } = await api.admin.get(path.replace('{id}', encodeURIComponent(id)));
      expect([status, body]).toMatchObject([400, { errors: [{ field: 'id' }] }]);
    }
  });

  it.each(WITH_ID)('%s of nobody is not found', async (path) => {
    const { status } = await api.admin.get(path.replace('{id}', uuid(999)));
    expect(status).toBe(404);
  });
});

describe('every route that reads', () => {
  const READING = new Set([
    'listResults',
    'getMonitorStats',
    'listStatusChanges',
    'getMonitorBar',
    'getMonitorBars',
    'getMonitorLocations',
    'getOverview',
    'listTags',
    'listMissedRuns',
    'countAlerts',
    'listRuns',
    'listAllRuns',
    'getRun',
    'streamRunOutput',
    'listAlerts',
    'listAlertHistory',
    'getAlert',
    'listDeadLetters',
    'streamEvents',
  ]);
  const reading = routes
    .filter(({ name }) => READING.has(name))
    .map(({ path }) => path.slice('/api/v1'.length));

  it('is in this table', () => {
    const tried = new Set(
      [...TABLE.map(([path]) => path), ...WITH_ID].map((path) => path.replace(/\/[0-9a-f-]{36}/, '/{id}')),
    );
    expect(reading.filter((path) => !tried.has(path))).toEqual(['/events']);
  });

  it.each(reading)('%s asks for a token', async (path) => {
    const response = await fetch(`${api.url}/api/v1${path.replace('{id}', MONITOR)}`);
    expect(response.status).toBe(401);
    await response.body?.cancel();
  });
});
