import { Readable } from 'node:stream';
import { Controller, Inject, type OnApplicationBootstrap, type OnModuleDestroy, Res } from '@nestjs/common';
import type { liveQuery } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { LOGGER, METRICS } from '../../wiring.js';
import { liveClient } from './live-client.js';
import type { LiveFeed } from './live-feed.loop.js';
import { decodePosition, TOPICS } from './live-position.js';

export const LIVE_FEED = Symbol('live feed');

const HEARTBEAT_MS = 15_000;
/** A client comes back by itself and is asked for its token again: one that was revoked is not heard for longer. */
const LIFETIME_MS = 15 * 60_000;
const MOST_CLIENTS = 1000;

@Controller()
export class EventsController implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #clients = new Set<AbortController>();
  readonly #stopping = new AbortController();

  constructor(
    @Inject(LIVE_FEED) private readonly feed: LiveFeed,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'live_clients',
      help: 'Clients that follow the live events',
      collect: (gauge) => gauge.set(this.#clients.size),
    });
  }

  onApplicationBootstrap(): void {
    this.feed
      .run(this.#stopping.signal)
      .catch((error: unknown) => this.logger.error({ err: error }, 'live events ended'));
  }

  /** Before HTTP is closed, which would wait for streams that never end by themselves. */
  onModuleDestroy(): void {
    this.#stopping.abort();
    for (const client of this.#clients) client.abort();
  }

  @Endpoint('streamEvents')
  stream(
    @GetCall() { caller, query, headers }: Call<unknown, z.output<typeof liveQuery>>,
    @Res() reply: FastifyReply,
  ): void {
    const lastId = headers['last-event-id'];
    const since = lastId === undefined || lastId === '' ? {} : decodePosition(lastId);
    if (this.#clients.size >= MOST_CLIENTS || this.#stopping.signal.aborted)
      throw new DomainError('unavailable', 'no more live streams can be served here now: try again soon');
    const client = this.#open(reply);
    const events = liveClient({
      feed: this.feed,
      project: caller.project,
      topics: TOPICS.filter((topic) => query.topics?.split(',').includes(topic) ?? true),
      since,
      heartbeatMs: HEARTBEAT_MS,
      signal: client.signal,
    });
    void reply
      // Proxies are not to gather what should arrive now.
      .headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' })
      .type('text/event-stream; charset=utf-8')
      .send(Readable.from(events, { objectMode: false }));
  }

  #open(reply: FastifyReply): AbortController {
    const client = new AbortController();
    const lifetime = setTimeout(() => client.abort(), LIFETIME_MS);
    this.#clients.add(client);
    reply.raw.once('close', () => {
      clearTimeout(lifetime);
      client.abort();
      this.#clients.delete(client);
    });
    return client;
  }
}
