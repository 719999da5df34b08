import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export interface ListenOptions {
  readonly databaseUrl: string;
  /** shown in pg_stat_activity */
  readonly name: string;
  readonly channels: readonly string[];
  readonly onNotify: (channel: string, payload: string) => void;
  /** what was notified while there was no connection is lost: look for yourself; also after the first connection */
  readonly onConnected?: () => void;
  readonly onError?: (error: unknown) => void;
  readonly signal: AbortSignal;
}

const RETRY_MS = 250;

/** LISTEN on a connection of its own, renewed when it breaks, until the signal. */
export async function listen(options: ListenOptions): Promise<void> {
  const { signal } = options;
  while (!signal.aborted) {
    const client = new pg.Client({
      connectionString: options.databaseUrl,
      application_name: options.name,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    client.on('error', (error) => options.onError?.(error));
    client.on('notification', ({ channel, payload }) => options.onNotify(channel, payload ?? ''));
    const close = () => void client.end().catch(() => undefined);
    signal.addEventListener('abort', close, { once: true });
    try {
      await client.connect();
      for (const channel of options.channels)
        await client.query(`listen ${client.escapeIdentifier(channel)}`);
      options.onConnected?.();
      await ended;
    } catch (error) {
      if (!signal.aborted) options.onError?.(error);
      close();
    } finally {
      signal.removeEventListener('abort', close);
    }
    if (!signal.aborted) await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}
