import { type ArtifactStore, createArtifactStore } from '@tocsin/artifacts';
import type { Artifact } from '@tocsin/monitoring';
import { connectNats, createLogger, type NatsHandle } from '@tocsin/service-kit';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../../testing/api.fixture.js';
import { clientFor } from '../../testing/client.fixture.js';
import { foreigner } from '../../testing/given.fixture.js';
import { createViews, insertRows, runRow, uuid } from '../views.fixture.js';
import { sandboxedReport } from './sandboxed-report.js';

const RUN = uuid(1);
const TEST = uuid(2);
const LONG = `${TEST}/${'sehr-langer-name-'.repeat(20)}.png`;

let servers: Servers;
let api: Api;
let executor: NatsHandle;
let store: ArtifactStore;

const artifact = (name: string, kind: Artifact['kind'], contentType: string) => ({
  name,
  kind,
  contentType,
  testId: TEST,
  size: 3,
});
const REPORT = '<!DOCTYPE html>\n<html><head><title>r</title></head><body>report</body></html>';

beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  await createViews(api.db);
  executor = connectNats({
    url: servers.natsUrl,
    name: 'executor',
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  await executor.connection();
  store = createArtifactStore({ TOCSIN_S3_REGION: 'us-east-1' }, { nats: executor });
  const artifacts = [
    artifact(`${TEST}/trace.zip`, 'trace', 'application/zip'),
    artifact(`${TEST}/shot.png`, 'screenshot', 'image/png'),
    artifact(`${TEST}/clip.webm`, 'video', 'video/webm'),
    artifact('console.txt', 'console', 'text/plain; charset=latin1'),
    artifact(`${TEST}/report/index.html`, 'report', 'text/html'),
    artifact(`${TEST}/evil.html`, 'other', 'text/html'),
    artifact(`${TEST}/evil.svg`, 'screenshot', 'image/svg+xml'),
    artifact(`${TEST}/naïve "file".bin`, 'other', 'application/x-thing'),
    artifact(LONG, 'screenshot', 'image/png'),
    artifact('gone.txt', 'console', 'text/plain'),
  ];
  await insertRows(api.db, 'results.job_run', [
    runRow(RUN, uuid(3), '2026-01-31T12:00:00.000Z', { artifacts }),
  ]);
  for (const { name, contentType } of artifacts.slice(0, -1)) {
    const bytes = name.endsWith('.html') ? Buffer.from(REPORT) : Buffer.from('abc');
    await store.put(`default/${RUN}/${name}`, { content: { bytes }, contentType });
  }
  const bytes = Buffer.from('not listed');
  await store.put(`default/${RUN}/hidden.txt`, { content: { bytes }, contentType: 'text/plain' });
});
afterAll(async () => {
  await api?.stop();
  await executor?.close();
  await servers?.stop();
});

const read = (name: string, token = api.admin.token) =>
  fetch(`${api.url}/api/v1/runs/${RUN}/artifacts/${encodeURIComponent(name)}`, {
    headers: { authorization: `Bearer ${token}` },
  });

test.each([
  [`${TEST}/trace.zip`, 'application/octet-stream', /^attachment; filename="trace.zip"/],
  [`${TEST}/shot.png`, 'image/png', /^inline$/],
  [`${TEST}/clip.webm`, 'video/webm', /^inline$/],
  ['console.txt', 'text/plain; charset=utf-8', /^inline$/],
  [`${TEST}/report/index.html`, 'text/html; charset=utf-8', /^inline$/],
  [`${TEST}/evil.html`, 'application/octet-stream', /^attachment; filename="evil.html"/],
  [`${TEST}/evil.svg`, 'application/octet-stream', /^attachment/],
  [
    `${TEST}/naïve "file".bin`,
    'application/octet-stream',
    /^attachment; filename="na_ve__file_.bin"; filename\*=UTF-8''na%C3%AFve%20%22file%22.bin$/,
  ],
  [LONG, 'image/png', /^inline$/],
])('%s is sent as %s', async (name, contentType, disposition) => {
  const { status, headers } = await read(name);
  expect([status, headers.get('content-type')]).toEqual([200, contentType]);
  expect(headers.get('content-disposition')).toMatch(disposition);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^sandbox\b/);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('allow-same-origin');
  expect(policy.includes('allow-scripts')).toBe(name.endsWith('index.html'));
});

test('the bytes are those that were stored, and a report can ask for the storage a sandbox has not', async () => {
  const zip = await read(`${TEST}/trace.zip`);
  expect([await zip.text(), zip.headers.get('content-length')]).toEqual(['abc', '3']);
  const report = await (await read(`${TEST}/report/index.html`)).text();
  expect(report).toMatch(/^<!DOCTYPE html>\n<html><head><script>.*localStorage.*<\/script><title>r/);
  expect(report.replace(/<script>.*?<\/script>/, '')).toBe(REPORT);
});

test('the head of a report is found wherever its pieces end, and a page without one is left alone', async () => {
  const shown = async (...pieces: string[]) => {
    const page = (async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    })();
    const made: Uint8Array[] = [];
    for await (const piece of sandboxedReport(page)) made.push(piece);
    return Buffer.concat(made).toString();
  };
  expect(await shown(...Array.from(REPORT))).toBe(await shown(REPORT));
  expect(await shown('<p>', 'x')).toBe('<p>x');
  expect(await shown('x'.repeat(20_000), '<head>')).toBe(`${'x'.repeat(20_000)}<head>`);
  expect(await shown()).toBe('');
});

test('what the run did not leave is not found, stored or not; nor is what was not kept', async () => {
  for (const name of ['hidden.txt', 'nothing.txt', '../other/x', `${TEST}/../console.txt`, 'x'.repeat(520)])
    expect((await read(name)).status).toBe(404);
  const gone = await read('gone.txt');
  expect(gone.status).toBe(404);
  expect(await gone.text()).toContain('not kept any more');
});

test('it is shown to who may read the project, and to nobody else', async () => {
  expect((await read('console.txt', '')).status).toBe(401);
  expect((await read('console.txt', (await foreigner(api)).token)).status).toBe(404);
  const client = clientFor(api.url, api.admin.token);
  expect((await client.get(`/runs/${uuid(999)}/artifacts/console.txt`)).body).toMatchObject({ status: 404 });
});
