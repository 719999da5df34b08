/** So many at once; the others wait in the order they came. */
export interface Turns {
  /** @returns what gives the place back. @throws the signal's reason when it is aborted first */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns(places: number): Turns {
  let free = places;
  const waiting = new Set<() => void>();

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  }

  function place(): () => void {
    let isMine = true;
    return () => {
      if (isMine) giveBack();
      isMine = false;
    };
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return place();
      }
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiting.delete(onTurn);
          reject(signal.reason as Error);
        };
        const onTurn = () => {
          waiting.delete(onTurn);
          signal.removeEventListener('abort', onAbort);
          resolve(place());
        };
        waiting.add(onTurn);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
