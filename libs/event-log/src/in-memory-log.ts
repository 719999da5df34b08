import { encode, type NewEvent, STREAMS, type StreamName, type WireMessage } from '@tocsin/contracts';
import { type Instant, PermanentError } from '@tocsin/kernel';
import type { EventLog, LogReader, ReadOptions, StoredMessage } from './event-log.js';
import { matchesSubject } from './matches-subject.js';

export interface InMemoryLog extends EventLog {
  /** what a power cut does to a log that does not sync: everything after this sequence is gone */
  truncate(stream: StreamName, lastSequence: number): void;
  /** the stream deleted and made anew */
  recreate(stream: StreamName): void;
  /** what a restarted server does after an update of the stream's settings; its duplicate window is over too */
  forgetCreation(stream: StreamName): void;
  /** a message as it would be on the wire, however wrong */
  publishRaw(message: WireMessage): number;
}

interface InMemoryStream {
  createdAt: Instant;
  lastSequence: number;
  messages: StoredMessage[];
  ids: Map<string, number>;
}

/** The streams in memory: for tests and simulations of what reads and writes events. */
export function createInMemoryLog(now: () => Instant = () => new Date().toISOString()): InMemoryLog {
  const streams = new Map<StreamName, InMemoryStream>();
  let wake: (() => void)[] = [];
  let made = 0;
  const empty = (): InMemoryStream => {
    made += 1;
    // Two streams made within a millisecond are still two.
    return {
      createdAt: new Date(Date.parse(now()) + made).toISOString(),
      lastSequence: 0,
      messages: [],
      ids: new Map(),
    };
  };
  for (const { name } of STREAMS) streams.set(name, empty());
  const streamAt = (name: StreamName): InMemoryStream => {
    const stream = streams.get(name);
    if (stream === undefined) throw new PermanentError('refused_by_log', `there is no stream ${name}`);
    return stream;
  };

  function publishRaw({ subject, headers, body }: WireMessage): number {
    const definition = STREAMS.find(({ subjects }) =>
      subjects.some((filter) => matchesSubject(filter, subject)),
    );
    if (definition === undefined)
      throw new PermanentError('refused_by_log', `no stream takes the subject ${subject}`);
    const stream = streamAt(definition.name);
    const sequence = stream.lastSequence + 1;
    stream.lastSequence = sequence;
    if (definition.maxPerSubject === 1)
      stream.messages = stream.messages.filter((message) => message.subject !== subject);
    stream.messages.push({
      stream: definition.name,
      sequence,
      subject,
      storedAt: now(),
      header: (name) => headers[name] ?? '',
      headers: () => ({ ...headers }),
      body: () => body,
    });
    const id = headers['Nats-Msg-Id'];
    if (id !== undefined) stream.ids.set(id, sequence);
    const waiting = wake;
    wake = [];
    for (const resume of waiting) resume();
    return sequence;
  }

  return {
    publishRaw,
    async publish(event: NewEvent, options) {
      options?.signal?.throwIfAborted();
      const wire = encode(event);
      for (const stream of streams.values()) {
        const known = stream.ids.get(event.id);
        if (known !== undefined) return { sequence: known, duplicate: true };
      }
      return { sequence: publishRaw(wire), duplicate: false };
    },
    read: (options) => reader(options, streamAt, (resume) => wake.push(resume)),
    async page({ stream, subjects, from, limit }) {
      const found = streamAt(stream).messages.filter(
        (message) =>
          ('sequence' in from ? message.sequence >= from.sequence : message.storedAt >= from.time) &&
          subjects.some((filter) => matchesSubject(filter, message.subject)),
      );
      return { messages: found.slice(0, limit), remaining: Math.max(0, found.length - limit) };
    },
    async describe(name) {
      const { createdAt, messages, lastSequence } = streamAt(name);
      return { createdAt, firstSequence: messages[0]?.sequence ?? lastSequence + 1, lastSequence };
    },
    async messageAt(name, sequence) {
      return streamAt(name).messages.find((message) => message.sequence === sequence);
    },
    truncate(name, lastSequence) {
      const stream = streamAt(name);
      stream.messages = stream.messages.filter(({ sequence }) => sequence <= lastSequence);
      stream.lastSequence = lastSequence;
      for (const [id, sequence] of stream.ids) if (sequence > lastSequence) stream.ids.delete(id);
    },
    forgetCreation(name) {
      const stream = streamAt(name);
      stream.createdAt = empty().createdAt;
      stream.ids.clear();
    },
    recreate(name) {
      streams.set(name, empty());
    },
  };
}

function reader(
  options: ReadOptions,
  streamAt: (name: StreamName) => InMemoryStream,
  onPublish: (resume: () => void) => void,
): LogReader {
  const { from, signal } = options;
  let next = 'sequence' in from ? from.sequence : 0;
  const following = () =>
    streamAt(options.stream).messages.find(
      (message) =>
        message.sequence >= next &&
        ('sequence' in from || message.storedAt >= from.time) &&
        options.subjects.some((filter) => matchesSubject(filter, message.subject)),
    );
  return {
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        const message = following();
        if (message === undefined) {
          await new Promise<void>((resolve) => {
            onPublish(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
          continue;
        }
        next = message.sequence + 1;
        yield message;
      }
    },
    isDrained: async () => following() === undefined,
  };
}
