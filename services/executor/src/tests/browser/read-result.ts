import { stripVTControlCharacters } from 'node:util';
import { assertNever } from '@tocsin/kernel';
import type { CheckError } from '@tocsin/monitoring';
import { z } from 'zod';
import type { TestOutcome } from '../test-runner.js';
import type { SandboxEnd } from './sandbox.process.js';
import type { ScriptLimits } from './settings.js';
import type { Stop } from './watch.loop.js';

const message = z.object({ message: z.string().optional() });
const spec = z.object({
  title: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      results: z.array(z.object({ status: z.string().optional(), errors: z.array(message).default([]) })),
    }),
  ),
});
interface Suite {
  readonly specs: readonly z.output<typeof spec>[];
  readonly suites: readonly Suite[];
}
const suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({ specs: z.array(spec).default([]), suites: z.array(suite).default([]) }),
);
/** What Playwright's JSON reporter writes, as much of it as counts. */
export const playwrightResult = z.object({
  suites: z.array(suite).default([]),
  errors: z.array(message).default([]),
});
export type PlaywrightResult = z.output<typeof playwrightResult>;

export interface Ended {
  readonly end: SandboxEnd;
  /** undefined: it wrote none that can be read */
  readonly result: PlaywrightResult | undefined;
  /** Playwright was running: from then on it is the script that counts */
  readonly began: boolean;
  readonly stderr: string;
  readonly limits: ScriptLimits;
  readonly timeoutMs: number;
}

export type Verdict = Pick<TestOutcome, 'status'> & { readonly error?: CheckError };

export function readResult({ end, result, began, stderr, limits, timeoutMs }: Ended): Verdict {
  if (end.stopped !== undefined) return verdictOfStop(end.stopped, limits, timeoutMs);
  if (end.failure !== undefined)
    return verdict('error', 'runner_failed', `it could not be started: ${end.failure}`);
  if (result === undefined)
    return began
      ? verdict('failed', 'script_invalid', `the script ended the process that ran it (${endOf(end)})`)
      : verdict('error', 'runner_failed', `Playwright did not start (${endOf(end)}): ${stderr}`);

  const tests = result.suites.flatMap(testsOf);
  const unexpected = tests.filter(({ status }) => status === 'unexpected');
  const launch = unexpected.find(({ text }) => COULD_NOT_LAUNCH.test(text));
  if (launch !== undefined) return verdict('error', 'browser_failed', launch.text);
  const failed = unexpected.find(({ how }) => how !== 'timedOut' && how !== 'interrupted');
  if (failed !== undefined) return verdict('failed', 'test_failed', told(failed));
  const slow = unexpected.find(({ how }) => how === 'timedOut');
  if (slow !== undefined) return verdict('timeout', 'timeout', told(slow));
  const [general] = result.errors;
  if (general !== undefined) {
    const text = textOf(general);
    return OUT_OF_TIME.test(text)
      ? verdict('timeout', 'timeout', text)
      : verdict('failed', 'script_invalid', text);
  }
  const [other] = unexpected;
  if (other !== undefined) return verdict('failed', 'test_failed', told(other));
  if (end.exitCode === 0) return { status: 'passed' };
  return verdict('failed', 'script_invalid', `Playwright ended with ${endOf(end)} and named no error`);
}

const COULD_NOT_LAUNCH =
  /browserType\.launch(?:PersistentContext)?: (?:Failed to launch|Executable doesn't exist|Target page, context or browser has been closed|Chromium sandboxing failed)/;
const OUT_OF_TIME = /Timed out waiting .* for the (?:entire test run|test suite to run)/;

interface Test {
  readonly title: string;
  readonly status: string;
  readonly how: string | undefined;
  readonly text: string;
}

const testsOf = ({ specs, suites }: Suite): readonly Test[] => [
  ...specs.flatMap(({ title, tests }) =>
    tests.map(({ status, results }) => ({
      title,
      status,
      how: results.at(-1)?.status,
      // Of a timeout the first says that it was one, and the next what was waited for.
      text: results
        .flatMap(({ errors }) => errors.map(textOf))
        .filter((text) => text !== '')
        .slice(0, results.at(-1)?.status === 'timedOut' ? 2 : 1)
        .join('\n'),
    })),
  ),
  ...suites.flatMap(testsOf),
];

const textOf = (error: z.output<typeof message>) => stripVTControlCharacters(error.message ?? '').trim();
const told = ({ title, text }: Test) => (text === '' ? title : `${title}: ${text}`);
const endOf = ({ exitCode, signal }: SandboxEnd) =>
  exitCode === undefined ? (signal ?? 'no exit code') : `exit code ${exitCode}`;

function verdictOfStop(stop: Stop, limits: ScriptLimits, timeoutMs: number): Verdict {
  const mib = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
  switch (stop) {
    case 'cancelled':
      return verdict('cancelled', 'cancelled', 'the run was cancelled');
    case 'timeout':
      return verdict('timeout', 'timeout', `it was stopped after ${timeoutMs / 1_000} s`);
    case 'memory_limit':
      return verdict(
        'failed',
        stop,
        `it was stopped: it took more than ${mib(limits.memoryBytes)} of memory`,
      );
    case 'process_limit':
      return verdict('failed', stop, `it was stopped: it started more than ${limits.processes} processes`);
    case 'disk_limit':
      return verdict(
        'failed',
        stop,
        `it was stopped: it wrote more than ${mib(limits.diskBytes)} or ${limits.files} files`,
      );
    case 'output_limit':
      return verdict('failed', stop, `it was stopped: it printed more than ${mib(limits.outputBytes * 10)}`);
    default:
      return assertNever(stop);
  }
}

const verdict = (status: Verdict['status'], code: string, text: string): Verdict => ({
  status,
  error: { code, message: text },
});
