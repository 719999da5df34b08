import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHttpTarget } from '@tocsin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowserRunner } from './browser.runner.js';
import { ISOLATIONS, ROOT, runScript, scriptOf, serveFiles, TEST_ID } from './scripts.fixture.js';

const site = await startHttpTarget({ keyword: 'all is well' });
afterAll(() => site.stop());

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'browser-runner-'));
  chmodSync(folder, 0o711);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const { isolation, obstacle } of ISOLATIONS) {
  const name = obstacle === undefined ? '' : ` (skipped: ${obstacle})`;
  describe.skipIf(obstacle !== undefined)(`${isolation}: a browser test${name}`, () => {
    it('that finds what it looks for has passed, and leaves a report and what it said', async () => {
      const script = scriptOf(`
        await page.goto(process.env.SITE);
        await expect(page.locator('body')).toContainText(process.env.EXPECTED);
        console.log('it is', process.env.EXPECTED);`);
      const ran = await runScript(isolation, script, {
        variables: { SITE: site.url, EXPECTED: 'all is well' },
        folder,
      });
      expect(ran).toMatchObject({ status: 'passed' });
      expect(ran.error).toBeUndefined();
      expect(ran.files.map(({ name: file, kind }) => [file, kind])).toEqual([
        ['report/index.html', 'report'],
        ['console.txt', 'console'],
      ]);
      expect(ran.output).toContain('it is all is well');
      expect(ran.file('console.txt').toString()).toBe(ran.output);
      expect(ran.files.every((file) => file.size === ran.file(file.name).length)).toBe(true);
      expect(readdirSync(folder)).toHaveLength(1);
      await ran.dispose();
      expect(readdirSync(folder)).toEqual([]);
    });

    it('that does not find it has failed with a reason, a picture, a trace and a report that shows them', async () => {
      const script = scriptOf(`
        await page.goto(process.env.SITE);
        await expect(page.locator('body')).toContainText('all is lost', { timeout: 300 });`);
      const ran = await runScript(isolation, script, { variables: { SITE: site.url } });
      expect(ran).toMatchObject({ status: 'failed', error: { code: 'test_failed' } });
      expect(ran.error?.message).toMatch(/^does it: .*toContainText.*all is lost/s);
      expect(ran.error?.message).not.toContain('\u001B');
      expect(ran.files.map(({ name: file, kind }) => [file, kind])).toEqual(
        expect.arrayContaining([
          ['test-failed-1.png', 'screenshot'],
          ['trace.zip', 'trace'],
          ['report/index.html', 'report'],
        ]),
      );
      expect(ran.file('test-failed-1.png').subarray(1, 4).toString()).toBe('PNG');

      const shown = await serveFiles((path) =>
        path === '/report/index.html' ? ran.file(path.slice(1)) : undefined,
      );
      const reader = await runScript(
        isolation,
        scriptOf(`
          await page.goto(process.env.REPORT);
          await page.getByText('does it').first().click();
          await expect(page.getByText('all is lost').first()).toBeVisible();
          const picture = page.locator('img.screenshot, img[src^="data:image/png"]').first();
          await expect.poll(() => picture.evaluate((img) => img.naturalWidth)).toBeGreaterThan(100);
          await expect(page.locator('a[href$="/trace.zip"]').first()).toBeVisible();`),
        { variables: { REPORT: `${shown.url}/report/index.html` } },
      );
      await shown.close();
      expect(reader.output).toContain('1 passed');
      await Promise.all([ran.dispose(), reader.dispose()]);
    });

    it('may launch a browser by itself, keep files, and start programs', async () => {
      const script = scriptOf(
        `const own = await chromium.launch();
         await (await own.newPage()).goto(process.env.SITE);
         await own.close();
         await test.info().attach('note', { body: 'written by the test', contentType: 'text/plain' });
         console.log('node', execFileSync('node', ['-p', '6 * 7']).toString());`,
        `import { chromium } from '@playwright/test';\nimport { execFileSync } from 'node:child_process';`,
      );
      const ran = await runScript(isolation, script, { variables: { SITE: site.url } });
      expect(ran.output).toContain('node 42');
      expect(ran.status).toBe('passed');
      await ran.dispose();
    });

    it.each([
      ['no test', 'export const nothing = 1;', 'No tests found'],
      ['no sense', `import { test } from '@playwright/test'; test('x', async () => {`, 'SyntaxError'],
      ['what is not there', `import 'no-such-package';`, 'no-such-package'],
      ['an end to the process', 'process.exit(0);', 'ended the process'],
    ])('with %s in it is the fault of its script', async (_, script, why) => {
      const ran = await runScript(isolation, script);
      expect(ran).toMatchObject({ status: 'failed', error: { code: 'script_invalid' } });
      expect(ran.error?.message).toContain(why);
      await ran.dispose();
    });

    it('whose browser cannot be started is nobody’s failure', async () => {
      const script = `
        import { test } from '@playwright/test';
        test.use({ launchOptions: { executablePath: '/usr/bin/false' } });
        test('x', async ({ page }) => {});`;
      const ran = await runScript(isolation, script);
      expect(ran).toMatchObject({ status: 'error', error: { code: 'browser_failed' } });
      await ran.dispose();
    });

    it.skipIf(!ROOT)(
      'runs as a user that owns nothing, in no other group, and cannot become more',
      async () => {
        const ran = await runScript(
          isolation,
          scriptOf(
            `console.log('ids', process.getuid(), process.getgid(), process.getgroups().join());
           console.log(readFileSync('/proc/self/status', 'utf8'));`,
            `import { readFileSync } from 'node:fs';`,
          ),
        );
        const [, uid = '', gid = '', groups = ''] = /ids (\d+) (\d+) ([\d,]+)/.exec(ran.output) ?? [];
        expect(Number(uid)).toBeGreaterThanOrEqual(61_000);
        expect([gid, groups]).toEqual([uid, uid]);
        expect(ran.output).toMatch(/^CapEff:\s+0+$/m);
        expect(ran.output).toMatch(/^NoNewPrivs:\s+1$/m);
        await ran.dispose();
      },
    );
  });
}

describe('an executor', () => {
  const quiet = { logger: { info: () => undefined, warn: () => undefined } };
  const run = (options: Parameters<typeof createBrowserRunner>[0]) =>
    createBrowserRunner(options, quiet).run({
      test: { id: TEST_ID, revision: 1, name: 'x', kind: 'browser', definition: { script: 'x' } },
      variables: {},
      secrets: {},
      timeoutMs: 1_000,
      signal: new AbortController().signal,
      onOutput: () => undefined,
    });

  it('that is not to run scripts says what to set', async () => {
    expect(await run({ mode: 'off' })).toMatchObject({ status: 'error', error: { code: 'scripts_off' } });
  });

  it('without a browser says what to install', async () => {
    const outcome = await run({ mode: 'on', chromium: '/no/such/chromium' });
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'browser_missing' } });
    expect(outcome.error?.message).toMatch(/apt-get install chromium/);
  });

  it.skipIf(!ROOT)('whose folder others may not enter says which', async () => {
    const closed = mkdtempSync(join(folder, 'closed-'));
    const outcome = await run({ mode: 'plain', folder: closed });
    expect(outcome.error?.message).toMatch(/browser_missing|no Chromium|closed-.*chmod o\+x/s);
  });
});
