import { Controller, Inject, type OnApplicationBootstrap, type OnModuleDestroy, Res } from '@nestjs/common';
import type { liveQuery } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { eventStreams } from '../../http/event-streams.js';
import { Endpoint } from '../../http/route-of.js';
import { LOGGER, METRICS } from '../../wiring.js';
import { liveClient } from './live-client.js';
import { topicsOf } from './live-event.js';
import type { LiveFeed } from './live-feed.loop.js';
import { decodePosition, type LivePosition, type LiveTopic, TOPICS } from './live-position.js';

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
  async stream(
    @GetCall() { caller, query, headers }: Call<unknown, z.output<typeof liveQuery>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const types = query.types?.split(',');
    const named = query.topics?.split(',') ?? (types === undefined ? undefined : topicsOf(types));
    const topics = TOPICS.filter((topic) => named?.includes(topic) ?? true);
    this.#clients.requireRoom();
    const { project } = caller;
    const since = await this.#since(topics, project, query, headers['last-event-id']);
    this.#clients.send(reply, (signal) =>
      liveClient({
        feed: this.feed,
        project,
        topics,
        types,
        since,
        heartbeatMs: HEARTBEAT_MS,
        signal,
      }),
    );
  }

  async #since(
    topics: readonly LiveTopic[],
    project: string,
    { after, from }: z.output<typeof liveQuery>,
    lastId: string | undefined,
  ): Promise<LivePosition> {
    if (lastId !== undefined && lastId !== '') return decodePosition(lastId);
    if (after !== undefined && after !== '') return decodePosition(after, 'after');
    if (from === undefined || from === 'now') return {};
    try {
      return await this.feed.since(topics, project, from === 'start' ? { sequence: 1 } : { time: from });
    } catch (error) {
      this.logger.warn({ err: error }, 'the log cannot be asked where a client begins');
      throw new DomainError('unavailable', 'the log does not answer: try again soon');
    }
  }
}
