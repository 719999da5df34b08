import { createMask } from '../mask.js';
import type { TestOutcome, TestRunner } from '../test-runner.js';
import { clearAbandonedCgroups } from './cgroup.store.js';
import { clearAbandonedFolders } from './folders.store.js';
import { canSandboxChromium, type Decision, decideIsolation, lookAround } from './machine.process.js';
import type { Verdict } from './read-result.js';
import { failure, type Kept, type Place, runScript } from './script.process.js';
import { type BrowserRunnerOptions, FIRST_UID } from './settings.js';

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
  void prepared.then(({ decision, chromiumSandbox }) => {
    if ('refused' in decision) {
      const { code, message } = decision.refused;
      if (code === 'scripts_off') logger.info({ code }, 'browser tests are not run here');
      else logger.warn({ code, why: message }, 'browser tests cannot be run here');
      return;
    }
    const { isolation, reason } = decision;
    const level = isolation === 'bubblewrap' ? 'info' : 'warn';
    logger[level]({ isolation, why: reason, chromiumSandbox }, 'browser tests are run here');
  });
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
        const ready = await prepared;
        if ('refused' in ready.decision) return outcome({ status: 'error', error: ready.decision.refused });
        const place = { ...ready, isolation: ready.decision.isolation };
        const { verdict, kept } = await runScript(input, mask, place, options);
        return outcome(verdict, kept);
      } catch (error) {
        return outcome(failure('error', 'runner_failed', `the test could not be run here: ${String(error)}`));
      }
    },
  };
}

const MESSAGE_LENGTH = 2_000;

type Prepared = Omit<Place, 'isolation'> & { readonly decision: Decision };

async function prepare(options: BrowserRunnerOptions): Promise<Prepared> {
  const machine = lookAround(options);
  const uid = options.firstUid ?? FIRST_UID;
  const identity = machine.root ? { uid, gid: uid } : undefined;
  const decision = await decideIsolation(options, machine, identity);
  if ('refused' in decision) return { machine, decision, chromiumSandbox: false };
  await clearAbandonedCgroups();
  await clearAbandonedFolders(options.folder);
  return { machine, decision, chromiumSandbox: await canSandboxChromium(identity) };
}
