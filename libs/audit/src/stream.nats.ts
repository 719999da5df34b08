import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { StreamName } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';

/** Read ahead, in messages. */
const AHEAD = 4000;
/** A message that does not come in this time may not be there any more: the server is asked. */
const PATIENCE_MS = 2000;

export interface StreamEnds {
  readonly createdAt: Instant;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly messages: number;
}

export async function endsOf(nats: NatsConnection, stream: StreamName): Promise<StreamEnds> {
  const jsm = await jetstreamManager(nats, { checkAPI: false });
  const { created, state } = await jsm.streams.info(stream);
  return {
    createdAt: new Date(created).toISOString(),
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
    messages: state.messages,
  };
}

/** What a stream holds, oldest first, up to a sequence. Ends where there is no more. */
export async function* readStream(
  nats: NatsConnection,
  stream: StreamName,
  until: number,
): AsyncGenerator<JsMsg> {
  if (until === 0) return;
  const consumer = await jetstream(nats).consumers.get(stream, { deliver_policy: 'all' });
  const messages = await consumer.consume({ max_messages: AHEAD });
  let seenAt = performance.now();
  const watch = setInterval(() => {
    if (performance.now() - seenAt < PATIENCE_MS) return;
    seenAt = performance.now();
    void consumer
      .info()
      .then((info) => (info.num_pending === 0 ? messages.close() : undefined))
      .catch(() => undefined);
  }, PATIENCE_MS / 4);
  try {
    if ((await consumer.info()).num_pending === 0 && messages.getReceived() === 0) return;
    for await (const message of messages) {
      seenAt = performance.now();
      if (message.seq > until) return;
      yield message;
      if (message.seq === until || message.info.pending === 0) return;
    }
  } finally {
    clearInterval(watch);
    await messages.close();
  }
}
