import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from '@playwright/test';
import { type ArtifactStore, createArtifactStore } from '@tocsin/artifacts';
import { connectNats, createLogger, type NatsHandle } from '@tocsin/service-kit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../../testing/api.fixture.js';
import { createViews, insertRows, runRow, uuid } from '../views.fixture.js';

const RUN = uuid(1);
const NAME = `${uuid(2)}/report/index.html`;
const CHROMIUM = [process.env.TOCSIN_CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(
  (file) => file !== undefined && existsSync(file),
);

/** What a script may put into its report to get at whoever reads it. */
const SCRIPT = `
const { test, expect } = require('@playwright/test');
test('adds up', async () => { await test.step('counting', () => {}); expect(1 + 1).toBe(2); });
test('<img src=x onerror="document.title=1">', () => { throw new Error('not this time'); });
`;

/** What a page of nobody's may get at; as text, for it is the browser's and knows no types of ours. */
const INSIDE = `(async () => {
  const works = (what) => Promise.resolve().then(what).then(() => true, () => false);
  return {
    origin: self.origin,
    title: document.title,
    api: await works(() => fetch('/api/v1/tokens')),
    cookies: await works(() => document.cookie),
  };
})()`;

/** The report as Playwright makes it, of one test that passes and one that does not. */
async function makeReport(folder: string): Promise<Buffer> {
  const require = createRequire(import.meta.url);
  const cli = require.resolve('@playwright/test/cli');
  const modules = path.resolve(path.dirname(cli), '../..');
  writeFileSync(
    path.join(folder, 'a.spec.cjs'),
    SCRIPT.replace('@playwright/test', `${modules}/@playwright/test`),
  );
  const config = {
    testMatch: 'a.spec.cjs',
    reporter: [['html', { open: 'never', outputFolder: 'report' }]],
  };
  writeFileSync(path.join(folder, 'playwright.config.cjs'), `module.exports = ${JSON.stringify(config)}`);
  await promisify(execFile)(process.execPath, [cli, 'test'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, CI: '1' },
  }).catch(() => undefined); // one of its tests fails
  return readFileSync(path.join(folder, 'report/index.html'));
}

describe.skipIf(CHROMIUM === undefined)('the report of a browser test, in a browser', () => {
  let servers: Servers;
  let api: Api;
  let executor: NatsHandle;
  let store: ArtifactStore;
  let browser: Browser;
  const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-report-'));

  beforeAll(async () => {
    servers = await startServers(inject('pgUrl'));
    api = await startApi(servers);
    await createViews(api.db);
    const logger = createLogger({ name: 'test', level: 'silent' });
    executor = connectNats({ url: servers.natsUrl, name: 'executor', logger });
    await executor.connection();
    store = createArtifactStore({ TOCSIN_S3_REGION: 'us-east-1' }, { nats: executor });
    const report = { name: NAME, kind: 'report', contentType: 'text/html', testId: uuid(2), size: 1 };
    await insertRows(api.db, 'results.job_run', [
      runRow(RUN, uuid(3), '2026-01-31T12:00:00.000Z', { artifacts: [report] }),
    ]);
    const bytes = await makeReport(folder);
    await store.put(`default/${RUN}/${NAME}`, { content: { bytes }, contentType: 'text/html' });
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await api?.stop();
    await executor?.close();
    await servers?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows its tests and their errors, and belongs to nobody', async () => {
    const context = await browser.newContext({
      extraHTTPHeaders: { authorization: `Bearer ${api.admin.token}` },
    });
    const page = await context.newPage();
    const broken: string[] = [];
    page.on('pageerror', (error) => broken.push(error.message));
    await page.goto(`${api.url}/api/v1/runs/${RUN}/artifacts/${encodeURIComponent(NAME)}`);

    await page.getByText('adds up').first().waitFor();
    await page.getByText('onerror=').first().click();
    await page.getByText('not this time').first().waitFor();
    // It asks for the text behind "Copy prompt", which is a file of its own and out of its reach.
    expect(broken.filter((message) => message !== 'Failed to fetch')).toEqual([]);
    const inside = await page.evaluate<{ title: string }>(INSIDE);
    expect(inside).toMatchObject({ origin: 'null', api: false, cookies: false });
    expect(inside.title).not.toBe('1');
    await context.close();
  });
});
