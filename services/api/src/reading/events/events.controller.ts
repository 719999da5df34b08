import { Controller, Inject, type OnApplicationBootstrap, type OnModuleDestroy, Res } from '@nestjs/common';
import type { liveQuery } from '@tocsin/http-api';
import type { Logger, Metrics } from '@tocsin/service-kit';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { eventStreams } from '../../http/event-streams.js';
import { Endpoint } from '../../http/route-of.js';
import { LOGGER, METRICS } from '../../wiring.js';
import { liveClient } from './live-client.js';
import type { LiveFeed } from './live-feed.loop.js';
import { decodePosition, TOPICS } from './live-position.js';

export const LIVE_FEED = Symbol('live feed');

const HEARTBEAT_MS = 15_000;
const MOST_CLIENTS = 1000;

@Controller()
export class EventsController implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #clients = eventStreams(MOST_CLIENTS);
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

  onModuleDestroy(): void {
    this.#stopping.abort();
    this.#clients.close();
  }

  @Endpoint('streamEvents')
  stream(
    @GetCall() { caller, query, headers }: Call<unknown, z.output<typeof liveQuery>>,
    @Res() reply: FastifyReply,
  ): void {
    const lastId = headers['last-event-id'];
    const since = lastId === undefined || lastId === '' ? {} : decodePosition(lastId);
    this.#clients.requireRoom();
    this.#clients.send(reply, (signal) =>
      liveClient({
        feed: this.feed,
        project: caller.project,
        topics: TOPICS.filter((topic) => query.topics?.split(',').includes(topic) ?? true),
        since,
        heartbeatMs: HEARTBEAT_MS,
        signal,
      }),
    );
  }
}
