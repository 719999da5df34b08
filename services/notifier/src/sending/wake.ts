import { sql, type Transaction } from 'kysely';

export const WAKE_CHANNEL = 'tocsin_notifier_send';
const ALL = '*';
/** A payload is bounded by 8,000 bytes. */
const MOST_IDS = 200;

/** Tells senders which providers have something to send; `all` when it is not known which. */
export interface Wake {
  /** other processes hear of it when the transaction commits */
  inTransaction(tx: Transaction<unknown>, providerIds: readonly string[]): Promise<void>;
  /** the sender of this process, at once */
  here(providerIds: readonly string[]): void;
  /** whatever was notified may have been missed */
  all(): void;
  /** what another process notified */
  onNotify(payload: string): void;
  subscribe(listener: (providerIds: readonly string[] | 'all') => void): void;
}

/** @param origin names this process, which needs no notification of its own */
export function createWake(origin: string): Wake {
  const listeners: ((providerIds: readonly string[] | 'all') => void)[] = [];
  const tell = (providerIds: readonly string[] | 'all') => {
    for (const listener of listeners) listener(providerIds);
  };
  return {
    async inTransaction(tx, providerIds) {
      const ids = [...new Set(providerIds)];
      if (ids.length === 0) return;
      const payload = `${origin} ${ids.length > MOST_IDS ? ALL : ids.join(',')}`;
      await sql`select pg_notify(${WAKE_CHANNEL}, ${payload})`.execute(tx);
    },
    here: (providerIds) => {
      if (providerIds.length > 0) tell(providerIds);
    },
    all: () => tell('all'),
    onNotify(payload) {
      const [from, ids = ''] = payload.split(' ');
      if (from !== origin) tell(ids === ALL ? 'all' : ids.split(','));
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
