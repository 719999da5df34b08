import { EgressError, type EgressPhase } from './egress-error.js';

/** Stops what a phase has started; called at most once, when the phase fails from outside. */
export type Cancel = () => void;

/**
 * One bound over everything an operation does, phase after phase. Whatever stalls, the phase that is running rejects.
 */
export interface Deadline {
  run<T>(
    phase: EgressPhase,
    start: (resolve: (value: T) => void, reject: (error: unknown) => void) => Cancel | undefined,
  ): Promise<T>;
  /** Ends the running phase with this error, or the next one when none is running. */
  fail(error: EgressError): void;
  elapsedMs(): number;
  /** To be called on every way out. */
  end(): void;
}

/** @param label the destination as it may be shown: host and port */
export function startDeadline(timeoutMs: number, signal: AbortSignal | undefined, label: string): Deadline {
  const startedAt = performance.now();
  let phase: EgressPhase = 'policy';
  let failed: EgressError | undefined;
  let cancel: Cancel | undefined;
  let rejectPhase: ((error: unknown) => void) | undefined;

  const fail = (error: EgressError) => {
    failed ??= error;
    const reject = rejectPhase;
    const stop = cancel;
    rejectPhase = cancel = undefined;
    stop?.();
    reject?.(error);
  };
  const timer = setTimeout(() => {
    fail(new EgressError('timeout', phase, `${label}: ${STALLED[phase]} within ${timeoutMs} ms`));
  }, timeoutMs);
  const onAbort = () => {
    fail(new EgressError('aborted', phase, `${label}: stopped before it was done`));
  };
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener('abort', onAbort);

  return {
    run(next, start) {
      return new Promise((resolve, reject) => {
        phase = next;
        if (failed !== undefined) {
          reject(failed);
          return;
        }
        rejectPhase = reject;
        const stop = start(
          (value) => {
            rejectPhase = cancel = undefined;
            resolve(value);
          },
          (error) => {
            rejectPhase = cancel = undefined;
            reject(error);
          },
        );
        if (rejectPhase !== undefined) cancel = stop;
      });
    },
    fail,
    elapsedMs: () => performance.now() - startedAt,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

const STALLED: Record<EgressPhase, string> = {
  policy: 'nothing was started',
  dns: 'the name was not resolved',
  connect: 'no connection',
  tls: 'the TLS handshake did not finish',
  headers: 'no response headers',
  body: 'the response body did not end',
};
