import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { RunDue } from '@tocsin/monitoring';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRunWorld, type RunWorld, SECRET } from './runs.fixture.js';

const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const hasBrowser = BROWSERS.some((file) => existsSync(file));
/** A browser takes its time where two processors are shared by all tests. */
const PATIENCE_MS = 50_000;

let world: RunWorld;
beforeAll(async () => {
  world = await createRunWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const script = (body: string) => `
  import { expect, test } from '@playwright/test';
  test('shop', async ({ page }) => { ${body} });
`;
async function isSaid(due: RunDue, text: string): Promise<void> {
  const said = async () => (await world.outputOf(due)).map((chunk) => chunk.text).join('');
  await expect.poll(said, { timeout: PATIENCE_MS }).toContain(text);
}

/** Processes of this machine whose command line has the text. */
const processesWith = (text: string): number =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    }).length;

describe.skipIf(!hasBrowser)('browser tests of a run (need Chromium)', () => {
  it('pass and fail, and leave behind what shows why', async () => {
    const { child } = await world.start({ TOCSIN_RUN_SCRIPTS: 'on' });
    const passing = world.script(
      'passing',
      script("await page.goto(process.env.BASE); await expect(page.locator('body')).toContainText('well');"),
    );
    const failing = world.script(
      'failing',
      script(
        "console.log('key', process.env.KEY); await page.goto(process.env.BASE); await expect(page).toHaveTitle('gone', { timeout: 500 });",
      ),
    );
    const due = await world.publishDue([passing, failing]);
    const run = await world.waitForEnd(due, PATIENCE_MS);
    expect(run).toMatchObject({
      status: 'failed',
      tests: [
        { name: 'passing', kind: 'browser', status: 'passed' },
        { name: 'failing', status: 'failed' },
      ],
    });
    const names = run.artifacts.filter(({ testId }) => testId === failing).map(({ name }) => name);
    expect(run.artifacts.filter(({ testId }) => testId === failing).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['report', 'trace', 'screenshot', 'console']),
    );
    const report = await world.artifact(due, `${failing}/report/index.html`);
    expect(String(report)).toContain('<html');
    const all = await Promise.all(names.map((name) => world.artifact(due, name)));
    const said = await world.outputOf(due);
    expect(said.map(({ text }) => text).join('')).toContain('key ********');
    expect(JSON.stringify([said, run, all.map(String)])).not.toContain(SECRET);
    await world.end(child, 'SIGTERM');
  });

  it('end with everything they started when the run is cancelled, and when the executor stops', async () => {
    const { child } = await world.start({ TOCSIN_RUN_SCRIPTS: 'on' });
    const marker = `marker-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const stubborn = world.script(
      'stubborn',
      `
      import { spawn } from 'node:child_process';
      import { test } from '@playwright/test';
      process.on('SIGTERM', () => {});
      test('stubborn', async () => {
        spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)', '${marker}'], { detached: true, stdio: 'ignore' }).unref();
        console.log('it goes on');
        await new Promise(() => {});
      });
      `,
    );
    const cancelled = await world.publishDue([stubborn]);
    await isSaid(cancelled, 'it goes on');
    expect(processesWith(marker)).toBeGreaterThan(0);
    world.cancel(cancelled);
    expect(await world.waitForEnd(cancelled)).toMatchObject({ status: 'cancelled' });
    expect(processesWith(marker)).toBe(0);

    const stopped = await world.publishDue([stubborn]);
    await isSaid(stopped, 'it goes on');
    const startedAt = performance.now();
    expect(await world.end(child, 'SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect(await world.completedOf(stopped)).toMatchObject([
      { status: 'error', error: { code: 'executor_stopped' } },
    ]);
    expect(processesWith(marker)).toBe(0);
  });
});
