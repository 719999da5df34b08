import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { type StreamName, SUBSCRIBER_DOMAIN } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';

/** Messages the server is asked for at a time, and how many questions are under way while answers are looked at. */
const BATCH = 250;
const AHEAD = 48;
const PATIENCE_MS = 10_000;

export interface StreamEnds {
  readonly createdAt: Instant;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly messages: number;
}

interface StreamInfo {
  readonly created: string;
  readonly state: { readonly first_seq: number; readonly last_seq: number; readonly messages: number };
  readonly error?: { readonly description: string };
}

export async function endsOf(nats: NatsConnection, stream: StreamName): Promise<StreamEnds> {
  const answer = await nats.request(`${await apiOf(nats)}.STREAM.INFO.${stream}`, '', {
    timeout: PATIENCE_MS,
  });
  const { created, state, error } = answer.json<StreamInfo>();
  if (error !== undefined) throw new Error(`${stream}: ${error.description}`);
  return {
    createdAt: new Date(created).toISOString(),
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
    messages: state.messages,
  };
}

const apis = new WeakMap<NatsConnection, Promise<string>>();

/** Where questions go: the auditor asks from an account of its own, an operator from within that of the streams. */
function apiOf(nats: NatsConnection): Promise<string> {
  const outside = `$JS.${SUBSCRIBER_DOMAIN}.API`;
  const ask = async () => {
    const answer = await nats
      .request(`${outside}.STREAM.INFO.CONFIG`, '', { timeout: PATIENCE_MS })
      .catch(() => undefined);
    return answer === undefined ? '$JS.API' : outside;
  };
  const known = apis.get(nats) ?? ask();
  apis.set(nats, known);
  return known;
}

/** The one this connection was made with: its permissions may allow no other. The client keeps it to itself. */
const inboxPrefixOf = (nats: NatsConnection): string | undefined =>
  (nats as unknown as { readonly options: { readonly inboxPrefix?: string } }).options.inboxPrefix;

/** A message with its place in the stream. What costs to read is read when it is asked for. */
export class StoredMessage {
  constructor(
    readonly sequence: number,
    readonly message: Msg,
  ) {}

  get subject(): string {
    return this.message.headers?.get('Nats-Subject') ?? '';
  }

  get storedAtMs(): number {
    return Date.parse(this.message.headers?.get('Nats-Time-Stamp') ?? '');
  }
}

/**
 * What a stream holds, oldest first, up to a sequence, many at a time. By questions alone: a consumer is something at the
 * server, and whoever may make one could have its messages sent anywhere.
 * @throws when the server stopped answering: what was not looked at was not verified
 */
export async function* readStream(
  nats: NatsConnection,
  stream: StreamName,
  until: number,
): AsyncGenerator<StoredMessage[]> {
  if (until === 0) return;
  const subject = `${await apiOf(nats)}.DIRECT.GET.${stream}`;
  const { firstSequence } = await endsOf(nats, stream);
  const underWay: Promise<StoredMessage[]>[] = [];
  let next = Math.max(1, firstSequence);
  let last = 0;
  const ask = (from: number) => {
    const answer = batchFrom(nats, subject, from);
    // Looked at in its turn: until then a failure is nobody's
    answer.catch(() => undefined);
    return answer;
  };
  while (last < until) {
    for (; underWay.length < AHEAD && next <= until; next += BATCH) underWay.push(ask(next));
    const answer = underWay.shift();
    if (answer === undefined) return;
    // Where some are missing an answer reaches into the next one
    const fresh = (await answer).filter(({ sequence }) => sequence > last && sequence <= until);
    last = fresh.at(-1)?.sequence ?? last;
    if (fresh.length > 0) yield fresh;
  }
}

/** Up to so many messages from a sequence on; fewer at the end of the stream. */
function batchFrom(nats: NatsConnection, subject: string, sequence: number): Promise<StoredMessage[]> {
  const inbox = createInbox(inboxPrefixOf(nats));
  const messages: Msg[] = [];
  return new Promise((resolve, reject) => {
    const end = (error: Error | undefined, lastSequence = 0) => {
      clearTimeout(timer);
      subscription.unsubscribe();
      if (error === undefined) resolve(placed(messages, sequence, lastSequence));
      else reject(error);
    };
    const timer = setTimeout(
      () => end(new Error(`${subject} gave nothing for ${PATIENCE_MS / 1000} s: look again`)),
      PATIENCE_MS,
    );
    const subscription = nats.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) return end(error);
        const { headers } = message.data.length === 0 ? message : { headers: undefined };
        const code = headers?.code ?? 0;
        // 204 ends a batch, 404 is that there is nothing from here on
        if (code === 204) return end(undefined, Number(headers?.get('Nats-Last-Sequence')));
        if (code === 404) return end(undefined);
        if (code !== 0) return end(new Error(`${code} ${headers?.description ?? ''}`.trim()));
        messages.push(message);
      },
    });
    nats.publish(subject, JSON.stringify({ seq: sequence, batch: BATCH, next_by_subj: '>' }), {
      reply: inbox,
    });
  });
}

/** To read headers costs as much as to decide: where as many came as there are numbers, each has the next. */
function placed(messages: readonly Msg[], first: number, last: number): StoredMessage[] {
  const isWhole = last - first + 1 === messages.length;
  return messages.map(
    (message, n) =>
      new StoredMessage(isWhole ? first + n : Number(message.headers?.get('Nats-Sequence')), message),
  );
}
