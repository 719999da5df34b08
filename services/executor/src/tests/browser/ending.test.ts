import { describe, expect, it, vi } from 'vitest';
import { commandLines, ISOLATIONS, runScript, scriptOf } from './scripts.fixture.js';

/** Sleeps that nobody else would sleep: by them everything the script forked is found, wherever it went. */
let naps = 0;
const nap = () => {
  naps += 1;
  return `${86_000 + naps}.${process.pid}`;
};
const asleep = (seconds: string) => commandLines().filter((line) => line.includes(`sleep ${seconds}`)).length;

/** Children of every kind: in a session of their own, forked twice, deaf to SIGTERM, without their environment. */
const scatter = (seconds: string) => `
  process.on('SIGTERM', () => {});
  process.on('SIGINT', () => {});
  const deaf = (more) => 'trap "" TERM INT HUP; ' + more;
  spawn('setsid', ['sh', '-c', deaf('sleep ${seconds} & wait')], { detached: true, stdio: 'ignore' }).unref();
  spawn('sh', ['-c', deaf('(setsid sleep ${seconds} &) ; exit 0')], { detached: true, stdio: 'inherit' }).unref();
  spawn('env', ['-i', 'setsid', 'sh', '-c', deaf('sleep ${seconds} & sleep ${seconds} & wait')], { detached: true, stdio: 'ignore' }).unref();
  await new Promise((r) => setTimeout(r, 1000));
  console.log('scattered');`;
const IMPORTS = `import { spawn } from 'node:child_process';`;

for (const { isolation, obstacle } of ISOLATIONS) {
  const name = obstacle === undefined ? '' : ` (skipped: ${obstacle})`;
  describe.skipIf(obstacle !== undefined)(`${isolation}: a browser test${name}`, () => {
    it('that is cancelled is gone within 3 s with all it forked, whatever they ignore', async () => {
      const seconds = nap();
      const cancel = new AbortController();
      const script = scriptOf(`${scatter(seconds)}\nawait new Promise(() => {});`, IMPORTS);
      let cancelledAt = 0;
      const ran = await runScript(isolation, script, {
        signal: cancel.signal,
        onOutput: (text) => {
          if (!text.includes('scattered\n')) return;
          expect(asleep(seconds)).toBeGreaterThanOrEqual(4);
          cancelledAt = performance.now();
          cancel.abort();
        },
      });
      expect(performance.now() - cancelledAt).toBeLessThan(4_000);
      expect(ran).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
      expect(asleep(seconds)).toBe(0);
      await ran.dispose();
    });

    it('that has passed leaves nothing running', async () => {
      const seconds = nap();
      const ran = await runScript(isolation, scriptOf(scatter(seconds), IMPORTS));
      expect(ran.status).toBe('passed');
      expect(ran.output).toContain('scattered');
      await vi.waitFor(() => expect(asleep(seconds)).toBe(0), { timeout: 500 });
      await ran.dispose();
    });

    it('that was cancelled before it began does not begin', async () => {
      const ran = await runScript(isolation, scriptOf(`console.log('began');`), {
        signal: AbortSignal.abort(),
      });
      expect(ran).toMatchObject({ status: 'cancelled', files: [] });
      expect(ran.output).toBe('');
    });

    it('K6 that waits longer than its definition allows is a timeout, with a report', async () => {
      const ran = await runScript(isolation, scriptOf(`await page.waitForSelector('#never');`), {
        timeoutSeconds: 2,
      });
      expect(ran).toMatchObject({ status: 'timeout', error: { code: 'timeout' } });
      expect(ran.error?.message).toMatch(/does it: .*2000ms exceeded/s);
      expect(ran.files.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['report', 'trace', 'console']),
      );
      await ran.dispose();
    });

    it('K6 that blocks its own process is a timeout as well', async () => {
      const startedAt = performance.now();
      const ran = await runScript(isolation, scriptOf('for (;;);'), { timeoutMs: 6_000 });
      expect(ran).toMatchObject({ status: 'timeout', error: { code: 'timeout' } });
      expect(performance.now() - startedAt).toBeLessThan(11_000);
      await ran.dispose();
    });

    it('that clicks on what is not there has failed: that is no timeout of the test', async () => {
      const ran = await runScript(isolation, scriptOf(`await page.locator('#no').click({ timeout: 200 });`));
      expect(ran).toMatchObject({ status: 'failed', error: { code: 'test_failed' } });
      await ran.dispose();
    });
  });
}
