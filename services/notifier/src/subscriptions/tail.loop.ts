import { filters } from '@tocsin/contracts';
import type { EventLog } from '@tocsin/event-log';
import { itemOf, projectOf } from './item.js';
import { type Item, SUBSCRIBED_STREAMS, type SubscribedStream } from './subscription.js';

const FILTERS = { ALERTS: filters.allAlerts, STATUS: filters.allStatus } as const;

export interface Tail {
  /** @throws when a stream is not the one it was, or has lost its end */
  check(): Promise<void>;
}

/**
 * The end of the streams, read once for all subscriptions of this process. When this returns, everything the streams
 * take from now on will be handed to `onItem`.
 */
export async function openTail(options: {
  readonly log: EventLog;
  readonly isWanted: (project: string) => boolean;
  readonly onItem: (item: Item) => void;
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal;
}): Promise<Tail> {
  const { log, isWanted, onItem, onError, signal } = options;
  const begun = await Promise.all(
    SUBSCRIBED_STREAMS.map(async (stream) => ({ stream, ...(await log.describe(stream)) })),
  );
  const heads = new Map<SubscribedStream, number>();

  async function follow(stream: SubscribedStream, after: number): Promise<void> {
    const from = { sequence: after + 1 };
    for await (const message of log.read({ stream, subjects: [FILTERS[stream]], from, signal })) {
      heads.set(stream, message.sequence);
      const item = isWanted(projectOf(message.subject)) ? itemOf(message) : undefined;
      if (item !== undefined) onItem(item);
      if (signal.aborted) return;
    }
  }
  for (const { stream, lastSequence } of begun) {
    heads.set(stream, lastSequence);
    follow(stream, lastSequence).catch(onError);
  }

  return {
    async check() {
      for (const { stream, createdAt } of begun) {
        const state = await log.describe(stream);
        if (state.createdAt !== createdAt || state.lastSequence < (heads.get(stream) ?? 0))
          throw new Error(`the stream ${stream} lost its end or was made anew: reading it again`);
      }
    },
  };
}
