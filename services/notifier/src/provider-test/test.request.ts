import type { Hosted } from '@tocsin/event-log';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import type { TestAnswer } from './test-provider.js';

/** `@Payload()` of the handlers of tests. */
export interface TestRequest {
  readonly asked: unknown;
  readonly respond: (answer: TestAnswer) => void;
}

/**
 * Hands requests to an `@EventPattern`. Not Nest's own NATS transport: that opens a second connection, which fails the
 * start of the service while NATS is away.
 */
export function testHost(options: {
  readonly pattern: string;
  readonly subject: string;
  readonly nats: Pick<NatsHandle, 'connection'>;
  readonly logger: Logger;
}): Hosted {
  const { pattern, subject, nats, logger } = options;
  return {
    pattern,
    async run(handle, signal) {
      const aborted = new Promise<undefined>((resolve) => {
        if (signal.aborted) resolve(undefined);
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      const connection = await Promise.race([nats.connection(), aborted]);
      if (connection === undefined || signal.aborted) return;
      const subscription = connection.subscribe(subject, { queue: 'notifiers' });
      signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
      for await (const message of subscription) {
        const request: TestRequest = {
          asked: jsonOf(message),
          respond: (answer) => void message.respond(JSON.stringify(answer)),
        };
        handle(request, undefined).catch((error: unknown) =>
          logger.error({ err: error, pattern }, 'a test could not be answered'),
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
