/** Runs its argument soon, once. */
export type Soon = (run: () => void) => void;

/**
 * Gathers what arrives and hands it on together, once for each turn of `soon`: a thousand events a second are sixty
 * updates of the page, and none while it is not looked at.
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

/** At the next frame, or within a second of a tab in the background, which draws no frames. */
export const nextFrame: Soon = (run) => {
  if (document.visibilityState === 'visible') requestAnimationFrame(() => run());
  else setTimeout(run, 1_000);
};

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
