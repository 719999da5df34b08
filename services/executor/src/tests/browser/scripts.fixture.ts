import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ArtifactFile, TestOutcome, TestRunInput } from '../test-runner.js';
import { createBrowserRunner } from './browser.runner.js';
import { processes } from './proc.store.js';
import type { BrowserRunnerOptions, Isolation } from './settings.js';

export const ROOT = process.getuid?.() === 0;

const QUIET = { info: () => undefined, warn: () => undefined };

/** Which of the two this machine can run, and why not the other. */
export const ISOLATIONS: readonly { isolation: Isolation; obstacle: string | undefined }[] =
  await Promise.all(
    (['bubblewrap', 'plain'] as const).map(async (mode) => {
      const decision = await createBrowserRunner({ mode }, { logger: QUIET }).decision;
      return { isolation: mode, obstacle: 'refused' in decision ? decision.refused.message : undefined };
    }),
  );

export const TEST_ID = '0190a8f2-7c1e-7b3a-9d55-3f1c2b4a5d6e';

export interface Ran extends TestOutcome {
  readonly output: string;
  file(name: string): Buffer;
}

export interface ScriptOptions
  extends Partial<Pick<TestRunInput, 'variables' | 'secrets' | 'timeoutMs' | 'signal'>> {
  readonly timeoutSeconds?: number;
  readonly limits?: BrowserRunnerOptions['limits'];
  readonly folder?: string;
  onOutput?(text: string): void;
}

/** Runs a script as the executor does. */
export async function runScript(mode: Isolation, script: string, options: ScriptOptions = {}): Promise<Ran> {
  const { limits, folder } = options;
  const runner = createBrowserRunner(
    { mode, ...(limits && { limits }), ...(folder !== undefined && { folder }) },
    { logger: QUIET },
  );
  let output = '';
  const outcome = await runner.run({
    test: {
      id: TEST_ID,
      revision: 1,
      name: 'a test',
      kind: 'browser',
      definition: { script, timeoutSeconds: options.timeoutSeconds ?? 30 },
    },
    variables: options.variables ?? {},
    secrets: options.secrets ?? {},
    timeoutMs: options.timeoutMs ?? 60_000,
    signal: options.signal ?? new AbortController().signal,
    onOutput: (_, text) => {
      output += text;
      options.onOutput?.(text);
    },
  });
  return { ...outcome, output, file: (name) => contentOf(outcome.files, name) };
}

function contentOf(files: readonly ArtifactFile[], name: string): Buffer {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${files.map((file) => file.name).join(', ')}`);
  return 'bytes' in found.content ? found.content.bytes : readFileSync(found.content.path);
}

/** A test of Playwright around what it does. */
export const scriptOf = (body: string, imports = ''): string =>
  `import { test, expect } from '@playwright/test';\n${imports}\ntest('does it', async ({ page }) => {\n${body}\n});\n`;

/** Of everything that runs on this machine: what a test forked would be among it, whatever it became. */
export const commandLines = (): readonly string[] =>
  processes().map(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });

/** The artifacts of a test as the api shows them: a file of a path, or nothing. */
export async function serveFiles(
  fileAt: (path: string) => Buffer | undefined,
): Promise<{ readonly url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const file = fileAt(request.url ?? '/');
    response
      .writeHead(file === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
      .end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
