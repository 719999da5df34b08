import { SubscriptionError } from './errors.js';
import type { PositionKeeper } from './position.nats.js';

/** Each save is a write to the server's disk: a few a second are enough, what is handled again after a crash is that much. */
const EVERY_MS = 200;

export interface PositionLoop {
  /** the event after which to go on has changed */
  moved: () => void;
  /** the last word, now */
  close: () => Promise<void>;
}

export function positionLoop(
  keeper: PositionKeeper,
  current: () => string,
  on: { taken: (error: SubscriptionError) => void; unreachable: (error: unknown) => void },
): PositionLoop {
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();
  let saved = '';
  let isTaken = false;
  let closing = false;

  async function save(): Promise<void> {
    const cursor = current();
    if (cursor === saved || isTaken) return;
    try {
      await keeper.save(cursor);
      saved = cursor;
    } catch (error) {
      if (error instanceof SubscriptionError) {
        isTaken = true;
        on.taken(error);
        return;
      }
      on.unreachable(error);
      if (!closing) moved();
    }
  }

  function moved(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      saving = saving.then(save);
    }, EVERY_MS);
  }

  return {
    moved,
    async close() {
      closing = true;
      clearTimeout(timer);
      await saving;
      await save();
    },
  };
}
