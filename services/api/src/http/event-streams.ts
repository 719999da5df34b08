import { Readable } from 'node:stream';
import { DomainError } from '@tocsin/kernel';
import type { FastifyReply } from 'fastify';

/** A client comes back by itself and is asked for its token again: one that was revoked is not heard for longer. */
const LIFETIME_MS = 15 * 60_000;

/** The clients of one route that are told things as they happen. */
export interface EventStreams {
  readonly size: number;
  /** @throws DomainError `unavailable` when there is no place for one more */
  requireRoom(): void;
  /** Sends what is made for this client until it leaves; the signal says when. It is made as fast as it is read. */
  send(reply: FastifyReply, make: (signal: AbortSignal) => AsyncIterable<string>): void;
  /** Ends them all and takes no more: before HTTP is closed, which would wait for streams that never end by themselves. */
  close(): void;
}

export function eventStreams(most: number): EventStreams {
  const clients = new Set<AbortController>();
  let isClosed = false;

  function open(reply: FastifyReply): AbortController {
    const client = new AbortController();
    const lifetime = setTimeout(() => client.abort(), LIFETIME_MS);
    clients.add(client);
    reply.raw.once('close', () => {
      clearTimeout(lifetime);
      client.abort();
      clients.delete(client);
    });
    return client;
  }

  return {
    get size() {
      return clients.size;
    },
    requireRoom() {
      if (clients.size >= most || isClosed)
        throw new DomainError('unavailable', 'no more live streams can be served here now: try again soon');
    },
    send(reply, make) {
      const { signal } = open(reply);
      void reply
        // Proxies are not to gather what should arrive now; a stop of ours is not to wait for a connection kept for more.
        .headers({
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
          connection: 'close',
        })
        .type('text/event-stream; charset=utf-8')
        .send(Readable.from(make(signal), { objectMode: false }));
    },
    close() {
      isClosed = true;
      for (const client of clients) client.abort();
    },
  };
}
