/** What is waited for; undefined when the service stops before it came, as when NATS was never there. */
export function untilAborted<T>(waitedFor: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    waitedFor.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
