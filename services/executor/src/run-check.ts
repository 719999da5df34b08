import type { Egress } from '@tocsin/egress';
import { type JsonObject, toInstant } from '@tocsin/kernel';
import type { CheckCompleted, CheckDue, MonitorKind } from '@tocsin/monitoring';
import { type ActiveConfig, parseConfig } from './check-config.js';
import { failureOf } from './kinds/failure.js';
import type { Probe, ProbeResult, Probes } from './kinds/index.js';

export interface RunCheckDeps {
  readonly egress: Egress;
  readonly probes: Probes;
  /** milliseconds since the epoch */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** told of what a probe threw that is no answer: for the log */
  readonly onBug?: ((error: unknown, due: CheckDue) => void) | undefined;
}

/** Beyond its own deadline a probe gets this long to tell so; then it is given up. */
const GRACE_MS = 200;

/** Makes one check, with its retries. Never rejects: whatever happens is an outcome. */
export async function runCheck(
  due: CheckDue,
  secret: JsonObject | undefined,
  deps: RunCheckDeps,
): Promise<CheckCompleted> {
  const startedAt = deps.now();
  const complete = (result: ProbeResult, attempts: number): CheckCompleted => ({
    monitorId: due.monitorId,
    project: due.project,
    kind: due.kind,
    slot: due.slot,
    location: due.location,
    outcome: result.outcome,
    startedAt: toInstant(startedAt),
    // A clock set back must not make a check end before it began.
    finishedAt: toInstant(Math.max(startedAt, deps.now())),
    latencyMs: Math.round(result.timings.totalMs),
    timings: result.timings,
    attempts,
    error: result.error,
    observed: result.observed,
    certificate: result.certificate,
    configRevision: due.configRevision,
    trigger: due.trigger,
  });

  const probe = deps.probes[due.kind as MonitorKind];
  if (probe === undefined)
    return complete(notMade('unknown_kind', `this executor does not know checks of kind ${due.kind}`), 1);
  const config = parseConfig(probe.kind, due.config as JsonObject, secret);
  if ('problem' in config) return complete(notMade('invalid_config', config.problem), 1);
  const { retries, retryDelaySeconds } = config.active;
  for (let attempt = 1; ; attempt++) {
    const result = await makeAttempt(probe, due, config.active, deps);
    const failed = result.outcome === 'down' || result.outcome === 'error';
    if (!failed || attempt > retries) return complete(result, attempt);
    await deps.sleep(retryDelaySeconds * 1_000);
  }
}

/** One attempt that ends in time even if the probe does not. */
async function makeAttempt(
  probe: Probe<unknown>,
  due: CheckDue,
  config: ActiveConfig,
  deps: RunCheckDeps,
): Promise<ProbeResult> {
  const timeoutMs = config.timeoutSeconds * 1_000;
  const startedAt = performance.now();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<ProbeResult>((resolve) => {
    timer = setTimeout(() => {
      const totalMs = performance.now() - startedAt;
      resolve(notMade('probe_hung', `the check did not end by itself within ${timeoutMs} ms`, totalMs));
      stop.abort();
    }, timeoutMs + GRACE_MS);
  });
  const { target, project } = due;
  try {
    const running = probe.run({
      project,
      target,
      config,
      timeoutMs,
      signal: stop.signal,
      egress: deps.egress,
    });
    return await Promise.race([running, givenUp]);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.error.code === 'probe_failed') deps.onBug?.(error, due);
    return { ...failure, timings: { totalMs: performance.now() - startedAt }, observed: {} };
  } finally {
    clearTimeout(timer);
  }
}

const notMade = (code: string, message: string, totalMs = 0): ProbeResult => ({
  outcome: 'error',
  timings: { totalMs },
  observed: {},
  error: { code, message },
});
