import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ApiDefinition, type ApiStep, apiDefinition } from '@tocsin/contracts';
import { type Egress, EgressError } from '@tocsin/egress';
import type { CheckError } from '@tocsin/monitoring';
import { safeUrl } from '@tocsin/service-kit';
import { failureOf } from '../../kinds/failure.js';
import { createMask, type Mask } from '../mask.js';
import type { TestOutcome, TestRunInput, TestRunner } from '../test-runner.js';
import { answerOf, shown } from './answer.js';
import { createConsole } from './console.js';
import { extract } from './extract.js';
import { allAssertions, judgeAnswer } from './judge-answer.js';
import { requestOf } from './step-request.js';
import type { Problem } from './template.js';

type Status = TestOutcome['status'];
interface Ending {
  readonly status: Status;
  readonly error?: CheckError | undefined;
}

export interface ApiRunnerDeps {
  readonly egress: Pick<Egress, 'request'>;
  /** told of what a scenario must not be able to do: for the log */
  readonly onBug: (error: unknown, testId: string) => void;
}

/** The scenario's own doing, where a check would call it ours: its URLs and headers are made as it runs. */
const OF_THE_TEST: ReadonlySet<string> = new Set(['invalid_url', 'invalid_request', 'scheme_refused']);
const MAX_MESSAGE = 2_000;
/** From here on a look at the body takes long enough to let others have their turn. */
const LARGE_BODY = 100_000;

/** Runs scenarios: requests in order, and what must hold of their answers. Nothing in them is code. */
export function createApiRunner({ egress, onBug }: ApiRunnerDeps): TestRunner {
  async function run(input: TestRunInput): Promise<TestOutcome> {
    const startedAt = performance.now();
    const mask = createMask(Object.values(input.secrets));
    const log = createConsole(mask, (text) => input.onOutput('stdout', text));
    const parsed = apiDefinition.safeParse(input.test.definition);
    let ending: Ending;
    try {
      ending = parsed.success
        ? await runSteps(parsed.data, input, { egress, mask, line: (text) => log.line(text) })
        : invalid(parsed.error.issues[0]);
    } catch (error) {
      onBug(error, input.test.id);
      ending = {
        status: 'error',
        error: { code: 'test_broke', message: 'the test could not be run; see the log' },
      };
    }
    const { status, error } = ending;
    const durationMs = Math.round(performance.now() - startedAt);
    if (error !== undefined) log.line(`✗ ${error.message}`);
    return {
      status,
      durationMs,
      ...(error === undefined ? {} : { error: { ...error, message: cut(mask.text(error.message)) } }),
      files: [log.file()],
      dispose: () => Promise.resolve(),
    };
  }
  return { kind: 'api', run };
}

interface Tools {
  readonly egress: Pick<Egress, 'request'>;
  readonly mask: Mask;
  readonly line: (text: string) => void;
}

async function runSteps(
  { variables: starting, steps }: ApiDefinition,
  input: TestRunInput,
  tools: Tools,
): Promise<Ending> {
  const variables = new Map(Object.entries({ ...starting, ...input.variables, ...input.secrets }));
  const deadline = performance.now() + input.timeoutMs;
  for (const [index, step] of steps.entries()) {
    const name = `step ${index + 1} of ${steps.length} "${step.name}"`;
    if (input.signal.aborted) return cancelled(name);
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0) return tooLong(name, input.timeoutMs);
    tools.line(name);
    const timeoutMs = Math.max(1, Math.min(step.timeoutSeconds * 1_000, Math.ceil(remainingMs)));
    const ending = await runStep(step, variables, timeoutMs, input.signal, tools);
    if (ending !== undefined)
      return {
        ...ending,
        error: ending.error && { ...ending.error, message: `${name}: ${ending.error.message}` },
      };
  }
  return { status: 'passed' };
}

/** @returns undefined when the next step may follow */
async function runStep(
  step: ApiStep,
  variables: Map<string, string>,
  timeoutMs: number,
  signal: AbortSignal,
  { egress, mask, line }: Tools,
): Promise<Ending | undefined> {
  const described = requestOf(step, variables, mask);
  if ('problem' in described) return failed(described.problem);
  const { request } = described;
  line(`  ${request.method} ${safeUrl(request.url)}`);
  try {
    const response = await egress.request({ ...request, timeoutMs, signal });
    line(`  ${response.status} in ${Math.round(response.timings.totalMs)} ms, ${response.body.length} bytes`);
    const answer = answerOf(response);
    const scope = { variables, show: (value: unknown) => shown(value, mask) };
    const isLarge = response.body.length > LARGE_BODY;
    for (const assertion of allAssertions(step.assert)) {
      if (isLarge) await nextTurn();
      const problem = judgeAnswer(assertion, answer, scope);
      if (problem !== undefined) return failed(problem);
    }
    for (const extraction of step.extract) {
      const found = extract(extraction, answer);
      if ('problem' in found) return failed(found.problem);
      variables.set(extraction.as, found.value);
      line(`  ${extraction.as} taken from the answer`);
    }
    return undefined;
  } catch (error) {
    if (signal.aborted) return { status: 'cancelled', error: STOPPED };
    if (!(error instanceof EgressError)) throw error;
    if (error.code === 'timeout')
      return { status: 'timeout', error: { code: 'timeout', message: error.message } };
    const failure = failureOf(error);
    const isOfTest = failure.outcome === 'down' || OF_THE_TEST.has(error.code);
    return { status: isOfTest ? 'failed' : 'error', error: failure.error };
  }
}

const STOPPED: CheckError = { code: 'cancelled', message: 'the run was stopped' };
const cancelled = (name: string): Ending => ({
  status: 'cancelled',
  error: { ...STOPPED, message: `${name}: ${STOPPED.message}` },
});
const tooLong = (name: string, timeoutMs: number): Ending => ({
  status: 'timeout',
  error: { code: 'timeout', message: `${name}: the test took more than ${timeoutMs} ms` },
});
const failed = (error: Problem): Ending => ({ status: 'failed', error });
const cut = (text: string): string =>
  text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 1)}…` : text;

function invalid(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): Ending {
  const where = issue?.path.map(String).join('.') ?? '';
  return failed({
    code: 'invalid_definition',
    message: `the test cannot be used: ${where}: ${issue?.message ?? ''}`,
  });
}
