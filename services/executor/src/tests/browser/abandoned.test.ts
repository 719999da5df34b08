import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBrowserRunner } from './browser.runner.js';
import { commandLines, ISOLATIONS, ROOT, runScript, scriptOf } from './scripts.fixture.js';

const SOON = { timeout: 15_000, interval: 50 };
const BUILT = fileURLToPath(new URL('../../../dist/tests/browser/browser.runner.js', import.meta.url));

/** An executor of its own, as far as scripts are concerned. */
const EXECUTOR = `
  const { createBrowserRunner } = await import(process.argv[1]);
  const [, , mode, script] = process.argv;
  const quiet = { info() {}, warn() {} };
  await createBrowserRunner({ mode }, { logger: quiet }).run({
    test: { id: 'x', revision: 1, name: 'x', kind: 'browser', definition: { script, timeoutSeconds: 120 } },
    variables: {}, secrets: {}, timeoutMs: 120_000, signal: new AbortController().signal,
    onOutput: (_, text) => process.stdout.write(text),
  });`;

let executor: ChildProcess | undefined;
afterEach(() => executor?.kill('SIGKILL'));

const foldersOf = (pid: number) => readdirSync(tmpdir()).filter((name) => name.includes(`-${pid}-`));

for (const { isolation, obstacle } of ISOLATIONS) {
  const missing = obstacle ?? (existsSync(BUILT) ? undefined : 'the executor is not built');
  const name = missing === undefined ? '' : ` (skipped: ${missing})`;
  describe.skipIf(missing !== undefined || (!ROOT && isolation === 'plain'))(
    `${isolation}: what a killed executor leaves running${name}`,
    () => {
      it('is ended and removed by the next, and what another executor runs is not', async () => {
        const seconds = `85001.${process.pid}${isolation === 'plain' ? 1 : 2}`;
        const asleep = () => commandLines().filter((line) => line.includes(`sleep ${seconds}`)).length;
        const script = scriptOf(
          `spawn('setsid', ['sh', '-c', 'trap "" TERM; sleep ${seconds} & wait'], { detached: true, stdio: 'ignore' });
           await new Promise(() => {});`,
          `import { spawn } from 'node:child_process';`,
        );
        executor = spawn(
          process.execPath,
          ['--input-type=module', '-e', EXECUTOR, BUILT, isolation, script],
          {
            stdio: 'ignore',
          },
        );
        const { pid = 0 } = executor;
        await vi.waitFor(() => expect(asleep()).toBeGreaterThan(0), SOON);

        // Another one that starts meanwhile, and runs something, has nothing to do with it.
        const other = await runScript(isolation, scriptOf(`console.log('beside');`));
        expect(other.status).toBe('passed');
        await other.dispose();
        expect(asleep()).toBeGreaterThan(0);
        expect(foldersOf(pid)).toHaveLength(1);

        executor.kill('SIGKILL');
        await once(executor, 'exit');
        const quiet = { info: () => undefined, warn: () => undefined };
        await createBrowserRunner({ mode: isolation }, { logger: quiet }).decision;
        await vi.waitFor(() => expect(asleep()).toBe(0), SOON);
        expect(foldersOf(pid)).toEqual([]);
      });
    },
  );
}
