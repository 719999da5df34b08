import { requests } from '@tocsin/contracts';
import type { Hosted } from '@tocsin/event-log';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import type { TestProviderAnswer } from './test-provider.js';

/** `@Payload()` of the handler of provider tests. */
export interface TestProviderRequest {
  readonly asked: unknown;
  readonly respond: (answer: TestProviderAnswer) => void;
}

/**
 * Hands requests to the `@EventPattern('test-provider')`. Not Nest's own NATS transport: that opens a second connection,
 * which fails the start of the service while NATS is away.
 */
export function testProviderHost(options: {
  readonly nats: Pick<NatsHandle, 'connection'>;
  readonly logger: Logger;
}): Hosted {
  const { nats, logger } = options;
  return {
    pattern: 'test-provider',
    async run(handle, signal) {
      const aborted = new Promise<undefined>((resolve) => {
        if (signal.aborted) resolve(undefined);
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      const connection = await Promise.race([nats.connection(), aborted]);
      if (connection === undefined || signal.aborted) return;
      const subscription = connection.subscribe(requests.testProvider, { queue: 'notifiers' });
      signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
      for await (const message of subscription) {
        const request: TestProviderRequest = {
          asked: jsonOf(message),
          respond: (answer) => void message.respond(JSON.stringify(answer)),
        };
        handle(request, undefined).catch((error: unknown) =>
          logger.error({ err: error }, 'a provider test could not be answered'),
        );
      }
    },
  };
}

function jsonOf(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
