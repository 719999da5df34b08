import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from './logger.js';
import { Secret } from './secret.js';

const retryMs = 250;
const drainMs = 3000;

export interface NatsOptions {
  /** several servers separated by commas; the first user named is the one for all */
  url: string | Secret;
  /** of the service: names the connection and its inbox, which its permissions are tied to */
  name: string;
  logger?: Logger;
  /** the connection is gone for good without `close()` having been called */
  onLost?: () => void;
}

/** A connection that may not be there yet: nothing crashes because NATS starts later. */
export interface NatsHandle {
  /** resolves when connected for the first time; rejects when closed before that */
  connection: () => Promise<NatsConnection>;
  current: () => NatsConnection | undefined;
  /** where answers to this service come: its permissions allow no other */
  inboxPrefix: string;
  isConnected: () => boolean;
  /** for readiness: a round trip to the server */
  check: () => Promise<string | undefined>;
  /** drains, within 3 s */
  close: () => Promise<void>;
}

const inboxPrefixOf = (name: string): string => `_INBOX_${name}`;

/** The client takes no identity from a URL, so it is taken out here. */
export function natsConnectionOptions(url: string, name: string): ConnectionOptions {
  const urls = url
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => new URL(item.includes('://') ? item : `nats://${item}`));
  const identity = urls.find(({ username }) => username !== '');
  const user = decodeURIComponent(identity?.username ?? '');
  const pass = decodeURIComponent(identity?.password ?? '');
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port === '' ? 4222 : port}`),
    ...(user === '' ? {} : pass === '' ? { token: user } : { user, pass }),
    ...(urls.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
    name,
    inboxPrefix: inboxPrefixOf(name),
    // a stack for each request, made in case it fails, costs more than the request
    noAsyncTraces: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: retryMs,
    reconnectJitter: retryMs,
    reconnectJitterTLS: retryMs,
    pingInterval: 10_000,
    maxPingOut: 2,
    timeout: 5000,
    // a password that is being rotated is wrong for a while
    ignoreAuthErrorAbort: true,
  };
}

export function connectNats({ url, name, logger, onLost }: NatsOptions): NatsHandle {
  const options = natsConnectionOptions(url instanceof Secret ? url.reveal() : url, name);
  const closing = new AbortController();
  let connected = false;
  let current: NatsConnection | undefined;
  let problem = 'not connected yet';

  // waitOnFirstConnect cannot be called off and gives up on a refused password; this loop does neither.
  async function first(): Promise<NatsConnection> {
    for (let said = ''; ; ) {
      closing.signal.throwIfAborted();
      try {
        const nc = await connect(options);
        if (closing.signal.aborted) await nc.close();
        closing.signal.throwIfAborted();
        return nc;
      } catch (error) {
        closing.signal.throwIfAborted();
        problem = error instanceof Error ? error.message : String(error);
        if (said !== problem)
          logger?.warn({ err: error, servers: options.servers }, 'nats is not reachable, will keep trying');
        said = problem;
        await delay(retryMs + Math.random() * retryMs, undefined, { signal: closing.signal });
      }
    }
  }

  async function follow(nc: NatsConnection): Promise<void> {
    for await (const status of nc.status()) {
      switch (status.type) {
        case 'disconnect':
          connected = false;
          problem = 'connection lost, reconnecting';
          logger?.warn({ server: status.server }, 'nats disconnected');
          break;
        case 'reconnect':
          connected = true;
          logger?.info({ server: status.server }, 'nats reconnected');
          break;
        case 'error':
          logger?.error({ err: status.error }, 'nats reported an error');
          break;
        case 'slowConsumer':
          logger?.warn({ pending: status.pending }, 'nats subscription is slow');
          break;
        case 'staleConnection':
        case 'ldm':
          logger?.warn({ status: status.type }, 'nats connection is about to move');
          break;
        case 'ping':
        case 'reconnecting':
        case 'update':
        case 'forceReconnect':
        case 'close':
          break;
      }
    }
  }

  const connection = first().then((nc) => {
    current = nc;
    connected = true;
    logger?.info({ server: nc.getServer() }, 'nats connected');
    follow(nc).catch((error: unknown) => logger?.error({ err: error }, 'nats status cannot be followed'));
    void nc.closed().then((error) => {
      connected = false;
      if (closing.signal.aborted) return undefined;
      problem = 'closed for good';
      logger?.error({ err: error }, 'nats connection is gone for good');
      onLost?.();
      return undefined;
    });
    return nc;
  });
  // whoever waits for it hears of it; nobody waiting is no crash
  connection.catch(() => undefined);

  return {
    inboxPrefix: inboxPrefixOf(name),
    connection: () => connection,
    current: () => current,
    isConnected: () => connected,
    check: async () => {
      if (!connected || current === undefined) return problem;
      await current.rtt();
      return undefined;
    },
    close: async () => {
      closing.abort(new Error('the nats connection is being closed'));
      const nc = await connection.catch(() => undefined);
      if (nc === undefined || nc.isClosed()) return;
      // without a server there is nobody to drain to
      if (connected)
        await Promise.race([nc.drain().catch(() => undefined), delay(drainMs, undefined, { ref: false })]);
      if (!nc.isClosed()) await nc.close();
    },
  };
}
