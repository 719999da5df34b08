/** Runs its argument soon, once. */
export type Soon = (run: () => void) => void;

/**
 * Gathers what arrives and hands it on together, once for each turn of `soon`: a thousand events a second are ten
 * updates of the page.
 */
export function batched<Item>(hand: (items: readonly Item[]) => void, soon: Soon): (item: Item) => void {
  let waiting: Item[] = [];
  return (item) => {
    waiting.push(item);
    if (waiting.length > 1) return;
    soon(() => {
      const items = waiting;
      waiting = [];
      hand(items);
    });
  };
}

/** Statuses that change more often than this cannot be read anyway. */
const GAP_MS = 100;
/** A tab in the background draws no frames. */
const NO_FRAME_MS = 1_000;

/** At the next frame, ten times a second at most, so that keys and clicks find room between. */
export function nextFrame(): Soon {
  let lastMs = -GAP_MS;
  return (run) => {
    let isDone = false;
    const finish = () => {
      if (isDone) return;
      isDone = true;
      lastMs = performance.now();
      run();
    };
    setTimeout(() => requestAnimationFrame(finish), Math.max(0, lastMs + GAP_MS - performance.now()));
    setTimeout(finish, NO_FRAME_MS);
  };
}

/** At once, and then not again before the time is over; what is asked meanwhile happens once, at its end. */
export function atMostEvery(
  ms: number,
  run: () => void,
  wait: (run: () => void, ms: number) => void,
): () => void {
  let isResting = false;
  let isAsked = false;
  const rest = () => {
    isResting = true;
    wait(() => {
      isResting = false;
      if (!isAsked) return;
      isAsked = false;
      run();
      rest();
    }, ms);
  };
  return () => {
    if (isResting) {
      isAsked = true;
      return;
    }
    run();
    rest();
  };
}
