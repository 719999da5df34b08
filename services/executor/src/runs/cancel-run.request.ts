import { requests } from '@tocsin/contracts';
import type { Hosted } from '@tocsin/event-log';
import type { NatsHandle } from '@tocsin/service-kit';
import { z } from 'zod';
import { untilAborted } from '../until-aborted.js';

/** `@Payload()` of the handler: the run that is to end. */
export interface CancelRun {
  readonly runId: string;
}

const asked = z.object({ runId: z.guid() });

export interface CancelRunHostOptions {
  readonly nats: Pick<NatsHandle, 'connection'>;
  readonly location: string;
}

/**
 * Hands what the scheduler says to the `@EventPattern('cancel-run')`. All executors of the location hear it, and it has
 * no answer: it is said again until the run is over.
 */
export function cancelRunHost({ nats, location }: CancelRunHostOptions): Hosted {
  return {
    pattern: 'cancel-run',
    async run(handle, signal) {
      const connection = await untilAborted(nats.connection(), signal);
      if (connection === undefined) return;
      const subscription = connection.subscribe(requests.cancelRun(location));
      signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
      for await (const message of subscription) {
        const parsed = asked.safeParse(jsonOf(message.string()));
        if (parsed.success) await handle(parsed.data, undefined);
      }
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
