import { JetStreamApiError, type PubAck } from '@nats-io/jetstream';
import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

interface Waiting {
  readonly resolve: (ack: PubAck) => void;
  readonly reject: (error: Error) => void;
  readonly until: number;
}

/** Lost answers are looked for this often, milliseconds. */
const SWEEP_MS = 100;
const NO_RESPONDERS = 503;

/**
 * Publishing with an answer, thousands at once: one subscription for all answers and one timer for all that stay away,
 * where the client's own request makes an inbox entry, a timer and a stack trace for each. Measured at the executor:
 * see `npm run bench -- event-log`.
 * @returns rejects when the answer is a refusal, or when none came within `timeoutMs`
 */
export function acknowledgedPublish(nc: NatsConnection, inboxPrefix: string | undefined, timeoutMs: number) {
  const inbox = createInbox(inboxPrefix);
  const waiting = new Map<string, Waiting>();
  let count = 0;
  let sweeper: NodeJS.Timeout | undefined;

  nc.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      // A subscription that was refused: what is published is found not to be answered
      if (error !== null) return;
      const key = message.subject.slice(inbox.length + 1);
      const one = waiting.get(key);
      if (one === undefined) return;
      waiting.delete(key);
      settle(one, message);
    },
  });

  function sweep(): void {
    const now = performance.now();
    for (const [key, one] of waiting) {
      // In the order they were sent: the first that still has time is followed by others that have.
      if (one.until > now) break;
      waiting.delete(key);
      one.reject(new Error(`the log did not answer within ${timeoutMs} ms`));
    }
    if (waiting.size > 0 || sweeper === undefined) return;
    clearInterval(sweeper);
    sweeper = undefined;
  }

  return (subject: string, body: string, headers: MsgHdrs): Promise<PubAck> =>
    new Promise((resolve, reject) => {
      count += 1;
      const key = count.toString(36);
      waiting.set(key, { resolve, reject, until: performance.now() + timeoutMs });
      sweeper ??= setInterval(sweep, SWEEP_MS);
      try {
        nc.publish(subject, body, { headers, reply: `${inbox}.${key}` });
      } catch (error) {
        waiting.delete(key);
        reject(error);
      }
    });
}

function settle({ resolve, reject }: Waiting, message: Msg): void {
  if (message.headers?.code === NO_RESPONDERS && message.data.length === 0) {
    reject(new Error('no stream takes this subject, or JetStream is not up yet'));
    return;
  }
  const answer = message.json<PubAck & { error?: ConstructorParameters<typeof JetStreamApiError>[0] }>();
  if (answer.error !== undefined) reject(new JetStreamApiError(answer.error));
  else resolve({ ...answer, duplicate: answer.duplicate ?? false });
}
