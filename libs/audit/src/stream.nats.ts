import { jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type Msg, type NatsConnection, nanos } from '@nats-io/transport-node';
import type { StreamName } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';

/** Messages the server is asked for at a time; the next are on their way while these are looked at. */
const BATCH = 4000;
const PATIENCE_MS = 10_000;

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

/** The one this connection was made with: its permissions may allow no other. The client keeps it to itself. */
const inboxPrefixOf = (nats: NatsConnection): string | undefined =>
  (nats as unknown as { readonly options: { readonly inboxPrefix?: string } }).options.inboxPrefix;

/** A message with its place in the stream. */
export interface StoredMessage {
  readonly sequence: number;
  readonly storedAtMs: number;
  readonly message: Msg;
}

const TOKENS_BEFORE_DOMAINS = 9;

/**
 * `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<nanoseconds>.<pending>`; from servers from 2.15
 * on with domain and account before the stream.
 */
function standingOf(reply: string) {
  const tokens = reply.split('.');
  const first = tokens.length === TOKENS_BEFORE_DOMAINS ? 5 : 7;
  return {
    sequence: Number(tokens[first]),
    consumerSequence: Number(tokens[first + 1]),
    storedAtMs: Number(tokens[first + 2]?.slice(0, -6)),
    pending: Number(tokens[first + 3]),
  };
}

/**
 * What a stream holds, oldest first, up to a sequence, many at a time. An ordered consumer of the client costs twice as
 * much for each message as all that is done with it here.
 * @throws when messages were lost on the way: what was not looked at was not verified
 */
export async function* readStream(
  nats: NatsConnection,
  stream: StreamName,
  until: number,
): AsyncGenerator<StoredMessage[]> {
  if (until === 0) return;
  const jsm = await jetstreamManager(nats, { checkAPI: false });
  const consumer = await jsm.consumers.add(stream, {
    name: `audit-${createInbox().slice(-12)}`,
    deliver_policy: 'all',
    ack_policy: 'none',
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(30_000),
  });
  if (consumer.num_pending === 0) return;
  const api = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer.name}`;
  const pull = JSON.stringify({ batch: BATCH, expires: nanos(PATIENCE_MS) });

  let arrived: StoredMessage[] = [];
  let received = 0;
  let asked = 0;
  let isOver = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const isEnough = () => isOver || failure !== undefined || received >= asked || arrived.length >= BATCH;

  const inbox = createInbox(inboxPrefixOf(nats));
  const subscription = nats.subscribe(inbox, {
    callback: (error, message) => {
      if (error !== null) failure = error;
      else if (message.reply === undefined || message.reply === '') asked = received;
      else {
        const { sequence, consumerSequence, storedAtMs, pending } = standingOf(message.reply);
        received += 1;
        if (consumerSequence !== received)
          failure = new Error(`messages of ${stream} were lost on the way: look again`);
        isOver = sequence >= until || pending === 0;
        if (sequence <= until) arrived.push({ sequence, storedAtMs, message });
      }
      if (isEnough()) wake?.();
    },
  });
  const enough = async () => {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    clearTimeout(timer);
    wake = undefined;
  };

  try {
    for (let isLast = false; !isLast; ) {
      if (asked - received < BATCH / 2 && !isOver) {
        asked += BATCH;
        nats.publish(api, pull, { reply: inbox });
      }
      if (!isEnough()) await enough();
      if (failure !== undefined) throw failure;
      if (arrived.length === 0 && !isOver)
        throw new Error(`${stream} gave nothing for ${PATIENCE_MS / 1000} s: look again`);
      const batch = arrived;
      arrived = [];
      isLast = isOver;
      yield batch;
    }
  } finally {
    subscription.unsubscribe();
  }
}
