import { sql, type Transaction } from 'kysely';

export const WAKE_CHANNEL = 'tocsin_notifier_send';
const ALL = '*';
/** A payload is bounded by 8,000 bytes. */
const MOST_IDS = 200;

/** Subscriptions that were configured, to those who send to them. */
export const SUBSCRIPTION_CHANNEL = 'tocsin_notifier_subscriptions';

/** Tells senders which destinations have something to do; `all` when it is not known which. */
export interface Wake {
  /** other processes hear of it when the transaction commits */
  inTransaction(tx: Transaction<unknown>, ids: readonly string[]): Promise<void>;
  /** the sender of this process, at once */
  here(ids: readonly string[]): void;
  /** whatever was notified may have been missed */
  all(): void;
  /** what another process notified */
  onNotify(payload: string): void;
  subscribe(listener: (ids: readonly string[] | 'all') => void): void;
}

/** @param origin names this process, which needs no notification of its own */
export function createWake(origin: string, channel = WAKE_CHANNEL): Wake {
  const listeners: ((ids: readonly string[] | 'all') => void)[] = [];
  const tell = (ids: readonly string[] | 'all') => {
    for (const listener of listeners) listener(ids);
  };
  return {
    async inTransaction(tx, changed) {
      const ids = [...new Set(changed)];
      if (ids.length === 0) return;
      const payload = `${origin} ${ids.length > MOST_IDS ? ALL : ids.join(',')}`;
      await sql`select pg_notify(${channel}, ${payload})`.execute(tx);
    },
    here: (ids) => {
      if (ids.length > 0) tell(ids);
    },
    all: () => tell('all'),
    onNotify(payload) {
      const [from, ids = ''] = payload.split(' ');
      if (from !== origin) tell(ids === ALL ? 'all' : ids.split(','));
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
