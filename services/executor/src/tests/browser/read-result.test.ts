import { describe, expect, it } from 'vitest';
import { type Ended, playwrightResult, readResult } from './read-result.js';
import { DEFAULT_LIMITS } from './settings.js';

const result = (
  status: string,
  how: string,
  messages: readonly string[] = [],
  errors: readonly string[] = [],
) =>
  playwrightResult.parse({
    suites: [
      {
        suites: [
          {
            specs: [
              {
                title: 'pays',
                tests: [
                  { status, results: [{ status: how, errors: messages.map((message) => ({ message })) }] },
                ],
              },
            ],
          },
        ],
      },
    ],
    errors: errors.map((message) => ({ message })),
  });
const none = (...errors: string[]) =>
  playwrightResult.parse({ errors: errors.map((message) => ({ message })) });

const ended = (given: Partial<Ended>): Ended => ({
  end: { exitCode: 1, survivors: false },
  result: undefined,
  began: true,
  stderr: '',
  limits: DEFAULT_LIMITS,
  timeoutMs: 5_000,
  ...given,
});
const stopped = (why: NonNullable<Ended['end']['stopped']>) => ({ end: { stopped: why, survivors: false } });

describe('what a script came to', () => {
  it.each<[string, Partial<Ended>, string, string | undefined, RegExp | undefined]>([
    [
      'all passed',
      { end: { exitCode: 0, survivors: false }, result: result('expected', 'passed') },
      'passed',
      undefined,
      undefined,
    ],
    [
      'all skipped',
      { end: { exitCode: 0, survivors: false }, result: result('skipped', 'skipped') },
      'passed',
      undefined,
      undefined,
    ],
    [
      'one failed',
      { result: result('unexpected', 'failed', ['\u001B[31mno\u001B[39m']) },
      'failed',
      'test_failed',
      /^pays: no$/,
    ],
    [
      'one failed without a word',
      { result: result('unexpected', 'failed') },
      'failed',
      'test_failed',
      /^pays$/,
    ],
    [
      'K6 one took too long',
      { result: result('unexpected', 'timedOut', ['Test timeout', 'waiting for']) },
      'timeout',
      'timeout',
      /^pays: Test timeout\nwaiting for$/,
    ],
    [
      'K6 all of it took too long',
      { result: none('Timed out waiting 7s for the test suite to run') },
      'timeout',
      'timeout',
      /Timed out/,
    ],
    ['it has no tests', { result: none('Error: No tests found') }, 'failed', 'script_invalid', /No tests/],
    [
      'a browser would not start',
      { result: result('unexpected', 'failed', ['Error: browserType.launch: Failed to launch: x']) },
      'error',
      'browser_failed',
      /launch/,
    ],
    [
      'it killed its runner',
      { end: { signal: 'SIGKILL', survivors: false } },
      'failed',
      'script_invalid',
      /SIGKILL/,
    ],
    ['Playwright never began', { began: false, stderr: 'bwrap: no' }, 'error', 'runner_failed', /bwrap: no/],
    [
      'nothing could be started',
      { end: { failure: 'spawn ENOENT', survivors: false } },
      'error',
      'runner_failed',
      /ENOENT/,
    ],
    ['it was cancelled', stopped('cancelled'), 'cancelled', 'cancelled', /cancelled/],
    ['K6 it was stopped in the end', stopped('timeout'), 'timeout', 'timeout', /after 5 s/],
    ['it took too much memory', stopped('memory_limit'), 'failed', 'memory_limit', /1536 MiB/],
    ['it wrote too much', stopped('disk_limit'), 'failed', 'disk_limit', /512 MiB or 20000 files/],
    ['it printed too much', stopped('output_limit'), 'failed', 'output_limit', /20 MiB/],
    ['it forked too much', stopped('process_limit'), 'failed', 'process_limit', /150 processes/],
    ['it failed and named nothing', { result: none() }, 'failed', 'script_invalid', /exit code 1/],
  ])('%s', (_, given, status, code, message) => {
    const verdict = readResult(ended(given));
    expect(verdict.status).toBe(status);
    expect(verdict.error?.code).toBe(code);
    expect(verdict.error?.message ?? '').toMatch(message ?? /^$/);
  });

  it('is a failure when one failed and another took too long', () => {
    const both = {
      suites: [
        ...result('unexpected', 'timedOut', ['slow']).suites,
        ...result('unexpected', 'failed', ['no']).suites,
      ],
      errors: [],
    };
    expect(readResult(ended({ result: both })).error).toEqual({ code: 'test_failed', message: 'pays: no' });
  });

  it('is why it was stopped, whatever it wrote before', () => {
    expect(
      readResult(ended({ ...stopped('memory_limit'), result: result('expected', 'passed') })).status,
    ).toBe('failed');
  });
});
