/** The nearest rank; NaN of nothing. @param share 0.99 for p99 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Cumulative counts by upper bound, as Prometheus tells them. */
export type Buckets = ReadonlyMap<number, number>;

/** What was observed between two scrapes. */
export function bucketsBetween(before: Buckets, after: Buckets): Buckets {
  return new Map([...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

/**
 * The upper bound of the bucket that holds the quantile: the true value is that or less, never more.
 * NaN of nothing.
 */
export function quantileBound(buckets: Buckets, share: number): number {
  const bounds = [...buckets].toSorted(([a], [b]) => a - b);
  const total = bounds.at(-1)?.[1] ?? 0;
  if (total === 0) return Number.NaN;
  return bounds.find(([, count]) => count >= total * share)?.[0] ?? Infinity;
}

/** The buckets of a histogram in the text of `/metrics`, summed over its labels. */
export function bucketsOf(text: string, histogram: string): Buckets {
  const found = new Map<number, number>();
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${histogram}_bucket{`)) continue;
    const bound = /le="([^"]+)"/.exec(line)?.[1];
    const count = Number(line.slice(line.lastIndexOf(' ') + 1));
    if (bound === undefined) continue;
    const upper = bound === '+Inf' ? Infinity : Number(bound);
    found.set(upper, (found.get(upper) ?? 0) + count);
  }
  return found;
}
