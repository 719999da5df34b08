/**
 * Resolves once the events of this turn of the loop are dealt with. Results that wait for it are published together:
 * one write to the server for all checks that ended in a turn, instead of one for each.
 */
export function createNextTurn(schedule: (run: () => void) => unknown): () => Promise<void> {
  let turn: Promise<void> | undefined;
  return () => {
    turn ??= new Promise((resolve) => {
      schedule(() => {
        turn = undefined;
        resolve();
      });
    });
    return turn;
  };
}
