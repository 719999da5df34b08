import { createMask } from '../mask.js';
import type { TestOutcome, TestRunner } from '../test-runner.js';
import { clearAbandonedCgroups } from './cgroup.store.js';
import { endAllOf } from './family.process.js';
import { clearAbandonedFolders } from './folders.store.js';
import {
  canSandboxChromium,
  type Decision,
  decideIsolation,
  type Isolated,
  lookAround,
  type Refused,
  SCRIPTS_OFF,
} from './machine.process.js';
import type { Verdict } from './read-result.js';
import { failure, type Kept, type Place, runScript } from './script.process.js';
import { type BrowserRunnerOptions, FIRST_UID } from './settings.js';
import { clearAbandonedSlots, takeSlot } from './slots.store.js';

export interface BrowserRunner extends TestRunner {
  /** how scripts are run here, or why not: for the log at start */
  readonly decision: Promise<Decision>;
}

export interface BrowserRunnerContext {
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** Runs Playwright scripts, each in processes, a folder and, where there is one to be had, a user of its own. */
export function createBrowserRunner(
  options: BrowserRunnerOptions,
  { logger }: BrowserRunnerContext,
): BrowserRunner {
  const prepared = prepare(options);
  void announce(prepared, logger);
  return {
    kind: 'browser',
    decision: prepared.then(({ decision }) => decision),
    async run(input) {
      const startedAt = performance.now();
      const durationMs = () => Math.round(performance.now() - startedAt);
      const mask = createMask(Object.values(input.secrets));
      const outcome = ({ status, error }: Verdict, kept?: Kept): TestOutcome => ({
        status,
        durationMs: durationMs(),
        ...(error && {
          error: { code: error.code, message: mask.text(error.message).slice(0, MESSAGE_LENGTH) },
        }),
        files: kept?.files ?? [],
        dispose: kept?.dispose ?? (async () => undefined),
      });
      try {
        const { decision, place } = await prepared;
        if (place === undefined) return outcome({ status: 'error', error: decision.refused });
        const { verdict, kept } = await runScript(input, mask, place, options);
        return outcome(verdict, kept);
      } catch (error) {
        return outcome(failure('error', 'runner_failed', `the test could not be run here: ${String(error)}`));
      }
    },
  };
}

async function announce(prepared: Promise<Prepared>, logger: BrowserRunnerContext['logger']): Promise<void> {
  const { decision, place } = await prepared;
  if (place !== undefined) {
    const level = decision.isolation === 'bubblewrap' ? 'info' : 'warn';
    const { chromiumSandbox } = place;
    logger[level]({ ...decision, chromiumSandbox }, 'browser tests are run here');
  } else {
    const level = decision.refused.code === 'scripts_off' ? 'info' : 'warn';
    logger[level](decision.refused, 'browser tests are not run here');
  }
}

const MESSAGE_LENGTH = 2_000;

type Prepared =
  | { readonly decision: Isolated; readonly place: Place }
  | { readonly decision: Refused; readonly place?: never };

async function prepare(options: BrowserRunnerOptions): Promise<Prepared> {
  if (options.mode === 'off') return { decision: SCRIPTS_OFF };
  try {
    const machine = lookAround(options);
    if (machine.root) await clearAbandonedSlots(endAllOf);
    await clearAbandonedCgroups();
    await clearAbandonedFolders(options.folder);
    // What is tried is tried as the user of a test, and as long as nobody else is that.
    const slot = machine.root ? await takeSlot(options.firstUid ?? FIRST_UID, endAllOf) : undefined;
    try {
      const identity = slot && { uid: slot.uid, gid: slot.uid };
      const decision = await decideIsolation(options.mode, machine, identity, options.folder);
      if ('refused' in decision) return { decision };
      const chromiumSandbox = await canSandboxChromium(identity);
      return { decision, place: { machine, isolation: decision.isolation, chromiumSandbox } };
    } finally {
      slot?.release();
    }
  } catch (error) {
    return {
      decision: { refused: { code: 'runner_failed', message: `nothing can be run here: ${String(error)}` } },
    };
  }
}
