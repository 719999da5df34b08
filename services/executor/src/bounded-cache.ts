export interface BoundedCache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  size(): number;
}

export interface BoundedCacheOptions {
  /** entries kept; the one used longest ago goes first */
  readonly limit: number;
  /** milliseconds an entry is believed, from when it was set */
  readonly ttlMs: number;
  /** milliseconds on any clock that does not run backwards */
  readonly now: () => number;
}

export function createBoundedCache<V>({ limit, ttlMs, now }: BoundedCacheOptions): BoundedCache<V> {
  // A Map keeps the order of insertion: what is used is put in again, and the first is the oldest.
  const entries = new Map<string, { readonly value: V; readonly until: number }>();
  return {
    get(key) {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      if (found.until <= now()) return undefined;
      entries.set(key, found);
      return found.value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: now() + ttlMs });
      if (entries.size <= limit) return;
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    },
    delete: (key) => void entries.delete(key),
    size: () => entries.size,
  };
}
