import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { decode, type EventType, NATS_PERMISSIONS, type StreamName } from '@tocsin/contracts';
import { connectDatabase } from '@tocsin/database';
import type { JsonObject } from '@tocsin/kernel';
import {
  connectNats,
  createHealth,
  createLogger,
  createMetrics,
  fastifyAdapter,
  parseConfig,
  type ServiceContext,
} from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { createApp } from '../app.module.js';
import { type Config, configSchema } from '../config.js';
import type { ApiDatabase } from '../database.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { type Clock, type Database, EVENT_LOG, type Log } from '../wiring.js';
import { type Client, clientFor } from './client.fixture.js';

export interface Servers {
  readonly pgUrl: string;
  /** of who may do everything, as the tests do */
  readonly natsUrl: string;
  /** of the api, with the permissions it has in production */
  readonly apiNatsUrl: string;
  readonly dir: string;
  stop(): Promise<void>;
}

/** A database and a NATS server with the product's streams, for one test file. */
export async function startServers(sharedPgUrl: string): Promise<Servers> {
  const api = { name: 'api', password: 'p'.repeat(16) };
  const [database, nats] = await Promise.all([
    freshDatabase(sharedPgUrl),
    freshNats([{ ...api, ...NATS_PERMISSIONS.api }]),
  ]);
  await createStreams(nats.url);
  const dir = mkdtempSync(path.join(tmpdir(), 'tocsin-api-'));
  return {
    pgUrl: database.url,
    natsUrl: nats.url,
    apiNatsUrl: nats.urlFor(api),
    dir,
    stop: async () => {
      await Promise.all([database.drop(), nats.remove()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

export interface Streamed {
  readonly id: string;
  readonly type: EventType;
  readonly subject: string;
  readonly data: JsonObject;
}

export interface Api {
  readonly url: string;
  /** with the token of the first administrator */
  readonly admin: Client;
  readonly db: Database;
  readonly app: NestFastifyApplication;
  /** what a stream holds now, decoded */
  streamed(stream: StreamName): Promise<Streamed[]>;
  /** every line logged so far */
  readonly lines: string[];
  stop(): Promise<void>;
}

/** The api as it runs, in this process: the real module, real HTTP, real Postgres, real NATS. */
export async function startApi(
  servers: Servers,
  clock?: Clock,
  env: Record<string, string> = {},
): Promise<Api> {
  const tokenFile = path.join(servers.dir, 'token');
  const config = parseConfig<Config>(configSchema, {
    NATS_URL: servers.apiNatsUrl,
    DATABASE_URL: servers.pgUrl,
    HTTP_PORT: '3000',
    TOCSIN_SECRET_KEY: SECRET_KEY,
    TOCSIN_ADMIN_TOKEN_FILE: tokenFile,
    ...env,
  });
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ name: 'api', level: 'trace', destination });
  const nats = connectNats({ url: config.NATS_URL, name: 'api', logger });
  const stopping = new AbortController();
  const stops: (() => Promise<unknown>)[] = [nats.close];
  const health = createHealth();
  const context: ServiceContext<Config> = {
    config,
    logger,
    nats,
    health,
    metrics: createMetrics('api'),
    stopping: stopping.signal,
    onStop: (_name, stop) => void stops.push(stop),
  };
  const onFailure = (error: unknown) => logger.fatal({ err: error }, 'the api cannot go on');
  const app = await NestFactory.create<NestFastifyApplication>(
    createApp({ context, onFailure, ...(clock === undefined ? {} : { clock }) }),
    fastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  app.useGlobalFilters(new ProblemFilter(logger));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  while ((await health.ready()).checks.schemas !== 'ok') {
    if (lines.some((line) => line.includes('"fatal"'))) throw new Error(lines.join(''));
    await delay(10);
  }
  const db = connectDatabase<ApiDatabase>({ databaseUrl: servers.pgUrl, name: 'test' });
  return {
    url,
    admin: clientFor(url, readFileSync(tokenFile, 'utf8').trim()),
    db,
    app,
    lines,
    streamed: async (stream) => {
      const log = app.get<Log>(EVENT_LOG);
      const { lastSequence } = await log.describe(stream);
      const sequences = Array.from({ length: lastSequence }, (_, index) => index + 1);
      const messages = await Promise.all(sequences.map((sequence) => log.messageAt(stream, sequence)));
      return messages
        .filter((message) => message !== undefined)
        .map(({ subject, sequence, header, body }) => {
          const { id, type, data } = decode(subject, sequence, header, body());
          return { id, type, subject, data: data as unknown as JsonObject };
        });
    },
    stop: async () => {
      stopping.abort();
      await app.close();
      for (const stop of stops.toReversed()) await stop();
      await db.destroy();
      health.close();
    },
  };
}
