import type pg from 'pg';
import { delay } from './wait.js';

/** Where a projection is. A service that has not made its tables yet is at 0. */
export async function position(sql: pg.Pool, schema: string, stream: string): Promise<number> {
  try {
    const { rows } = await sql.query<{ seq: string | null }>(
      `select min(seq) as seq from ${schema}.checkpoint where stream = $1`,
      [stream],
    );
    return Number(rows[0]?.seq ?? 0);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '42P01' || code === '3F000') return 0;
    throw error;
  }
}

export interface Folding {
  readonly events: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** the moment the first batch was seen committed, `performance.now()` */
  readonly begunAt: number;
}

/**
 * Follows a projection to `last`. The clock starts when its first batch has been committed: starting a process and
 * connecting are not what is measured, and what that batch held does not count.
 */
export async function followFolding(
  sql: pg.Pool,
  schema: string,
  last: number,
  { from = 0, onBegun, withinMs = 120_000 }: { from?: number; onBegun?: () => void; withinMs?: number } = {},
): Promise<Folding> {
  const deadline = performance.now() + withinMs;
  let begun: { seq: number; at: number } | undefined;
  for (;;) {
    const seq = await position(sql, schema, 'RESULTS');
    const at = performance.now();
    if (begun === undefined && seq > from && seq < last) {
      begun = { seq, at };
      onBegun?.();
    }
    if (seq >= last) {
      if (begun === undefined) throw new Error(`${schema} was at the end before it was seen to begin`);
      const seconds = (at - begun.at) / 1_000;
      const events = last - begun.seq;
      return { events, seconds, perSecond: events / seconds, begunAt: begun.at };
    }
    if (at > deadline) throw new Error(`${schema} is at ${seq} of ${last} after ${withinMs / 1_000} s`);
    await delay(25);
  }
}
