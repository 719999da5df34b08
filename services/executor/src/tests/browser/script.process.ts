import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { browserDefinition } from '@tocsin/contracts';
import type { Mask } from '../mask.js';
import type { ArtifactFile, TestRunInput } from '../test-runner.js';
import { createConsole, type TestConsole } from './console.js';
import { insideOf } from './envelope.js';
import { endAllOf } from './family.process.js';
import { type Folders, leftOutside, makeFolders, remove } from './folders.store.js';
import { harvest, readOwn } from './harvest.store.js';
import type { Machine } from './machine.process.js';
import { BEGAN_FILE, CONFIG_FILE, playwrightConfig, RESULT_FILE } from './playwright-config.js';
import { type PlaywrightResult, playwrightResult, readResult, type Verdict } from './read-result.js';
import { runInSandbox, type SandboxEnd } from './sandbox.process.js';
import { type BrowserRunnerOptions, DEFAULT_LIMITS, FIRST_UID, type Isolation } from './settings.js';
import { type Slot, takeSlot } from './slots.store.js';

/** Where and how scripts are run. */
export interface Place {
  readonly machine: Machine;
  readonly isolation: Isolation;
  readonly chromiumSandbox: boolean;
}

/** What a test left behind. */
export interface Kept {
  readonly files: readonly ArtifactFile[];
  readonly dispose: () => Promise<void>;
}

export interface ScriptEnd {
  readonly verdict: Verdict;
  readonly kept?: Kept;
}

/** For Playwright to start, and to write its report once the script's time is over. */
const AROUND_MS = 10_000;

/** Runs one script from the making of its folder to what is kept of it. */
export async function runScript(
  input: TestRunInput,
  mask: Mask,
  place: Place,
  options: BrowserRunnerOptions,
): Promise<ScriptEnd> {
  const parsed = browserDefinition.safeParse(input.test.definition);
  if (!parsed.success)
    return {
      verdict: failure('failed', 'script_invalid', 'the definition is none of a browser test: save it again'),
    };
  if (input.signal.aborted) return { verdict: failure('cancelled', 'cancelled', 'the run was cancelled') };
  const { script, timeoutSeconds } = parsed.data;
  const hardMs = Math.min(input.timeoutMs, timeoutSeconds * 1_000 + AROUND_MS);
  const softMs = Math.round(Math.min(timeoutSeconds * 1_000, Math.max(hardMs - AROUND_MS, hardMs * 0.6)));

  const slot = place.machine.root ? await takeSlot(options.firstUid ?? FIRST_UID, endAllOf) : undefined;
  if (place.machine.root && slot === undefined)
    return {
      verdict: failure('error', 'runner_busy', 'no user is free for the test: lower TOCSIN_RUN_CONCURRENCY'),
    };
  const identity = slot && { uid: slot.uid, gid: slot.uid };
  const config = playwrightConfig({
    chromium: place.machine.chromium ?? '',
    chromiumSandbox: place.chromiumSandbox,
    video: place.machine.ffmpeg !== undefined,
    timeoutMs: softMs,
  });
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  let survivors = false;
  let folders: Folders | undefined;
  try {
    const made = makeFolders({ script, config }, place.machine, identity, options.folder);
    folders = made;
    const said = createConsole(mask, limits.outputBytes, input.onOutput);
    const end = await runInSandbox({
      ...place,
      identity,
      folders: made,
      command: {
        file: place.machine.node,
        args: [place.machine.cli, 'test', `--config=${CONFIG_FILE}`],
      },
      env: environment(input, insideOf(place.isolation, made), place),
      limits,
      timeoutMs: hardMs,
      signal: input.signal,
      onOutput: said.push,
    });
    survivors = end.survivors;
    const verdict = readResult({
      end,
      result: await resultOf(made, slot),
      began: existsSync(join(made.work, BEGAN_FILE)),
      stderr: said.lastLine(),
      limits,
      timeoutMs: hardMs,
    });
    const files = await takeHome(input, made, slot, mask, said, end);
    return { verdict, kept: { files, dispose: made.remove } };
  } catch (error) {
    await folders?.remove();
    throw error;
  } finally {
    // Before its user is another test's: neither is to find what is this one's.
    if (folders !== undefined) await remove(folders.work);
    if (slot !== undefined) for (const path of await leftOutside(slot.uid)) await remove(path);
    if (!survivors) slot?.release();
  }
}

async function takeHome(
  input: TestRunInput,
  folders: Folders,
  slot: Slot | undefined,
  mask: Mask,
  said: TestConsole,
  end: SandboxEnd,
): Promise<readonly ArtifactFile[]> {
  if (end.survivors) said.note('some of its processes could not be ended: nothing it wrote is kept');
  const files = end.survivors
    ? []
    : await harvest({
        folders,
        uid: slot?.uid,
        mask,
        secretless: Object.keys(input.secrets).length === 0,
        leaveOut: said.note,
      });
  const bytes = said.end();
  return [
    ...files,
    {
      name: 'console.txt',
      kind: 'console',
      contentType: 'text/plain; charset=utf-8',
      content: { bytes },
      size: bytes.length,
    },
  ];
}

/** Nothing of ours: what a script needs to run, and what its project has for it. */
function environment(
  { variables, secrets }: TestRunInput,
  inside: string,
  { isolation, machine }: Place,
): Record<string, string> {
  return {
    ...variables,
    ...secrets,
    PATH: `${join(machine.node, '..')}:/usr/local/bin:/usr/bin:/bin`,
    HOME: `${inside}/home`,
    TMPDIR: isolation === 'bubblewrap' ? '/tmp' : `${inside}/tmp`,
    LANG: 'C.UTF-8',
    TZ: process.env.TZ ?? 'UTC',
    FORCE_COLOR: '0',
    PLAYWRIGHT_BROWSERS_PATH: `${inside}/browsers`,
  };
}

async function resultOf({ work }: Folders, slot: Slot | undefined): Promise<PlaywrightResult | undefined> {
  try {
    const text = (await readOwn(join(work, RESULT_FILE), slot?.uid)).toString();
    return playwrightResult.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const failure = (status: Verdict['status'], code: string, message: string): Verdict => ({
  status,
  error: { code, message },
});
