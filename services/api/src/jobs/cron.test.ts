import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { clientWith } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => '2026-03-28T12:00:00.000Z');
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const preview = async (cron: string, timeZone?: string) =>
  (await api.admin.post('/cron/preview', { cron, timeZone })).body;

test('an expression says when it would run, in its time zone and over the change of its clock', async () => {
  expect(await preview('30 8 * * *', 'Europe/Berlin')).toEqual({
    nextRuns: [
      '2026-03-29T06:30:00.000Z',
      '2026-03-30T06:30:00.000Z',
      '2026-03-31T06:30:00.000Z',
      '2026-04-01T06:30:00.000Z',
      '2026-04-02T06:30:00.000Z',
    ],
  });
  expect((await preview('*/10 * * * * *')).nextRuns).toHaveLength(5);
});

test.each(['', '* * *', '61 * * * *', '0 0 31 2 *', 'often'])(
  '%j is none, and it is said why',
  async (cron) => {
    const { nextRuns, problem } = await preview(cron);
    expect(nextRuns).toEqual([]);
    expect(problem).toMatch(/\w+ \w+/);
  },
);

test('a time zone is one, and who may read may ask', async () => {
  expect(await preview('* * * * *', 'Mars/Olympus')).toMatchObject({ errors: [{ field: 'timeZone' }] });
  const reader = await clientWith(api, 'read');
  expect((await reader.post('/cron/preview', { cron: '* * * * *' })).status).toBe(200);
});
