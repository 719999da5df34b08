import { type Instant, toMs } from '@tocsin/kernel';
import type { Bucket } from '@tocsin/notifying';
import type { Job, Result } from './desk.js';
import type { SenderMetrics } from './sender.metrics.js';

export type Switchboard = ReturnType<typeof createSwitchboard>;

export interface SwitchboardOptions {
  /** makes the attempt; never throws */
  readonly send: (job: Job) => Promise<Omit<Result, 'job' | 'finishedAt'>>;
  readonly now: () => Instant;
  readonly metrics: Pick<SenderMetrics, 'started'>;
}

/** What this process remembers between transactions; it outlives a lost connection, as the attempts under way do. */
export function createSwitchboard({ send, now, metrics }: SwitchboardOptions) {
  const underWay = new Map<string, Job>();
  const dirty = new Set<string>();
  const again = new Map<string, Instant>();
  const buckets = new Map<string, Bucket>();
  const results: Result[] = [];
  let all = false;
  let wake: (() => void) | undefined;
  const rouse = () => wake?.();

  return {
    underWay,
    dirty,
    again,
    buckets,
    results,
    mark(this: void, providerIds: readonly string[] | 'all') {
      if (providerIds === 'all') all = true;
      else for (const id of providerIds) dirty.add(id);
      rouse();
    },
    takeAll(): boolean {
      const was = all;
      all = false;
      return was;
    },
    launch(job: Job) {
      underWay.set(job.notification.provider_id, job);
      metrics.started(job);
      const finish = ({ outcome, ownFault }: Omit<Result, 'job' | 'finishedAt'>) => {
        results.push({ job, outcome, ownFault, finishedAt: now() });
        rouse();
      };
      send(job).then(finish, (error: unknown) => {
        throw error;
      });
    },
    /** until something happens or the next destination is due */
    async idle(mostMs: number, signal: AbortSignal) {
      const nowMs = toMs(now());
      let waitMs = mostMs;
      for (const at of again.values()) waitMs = Math.min(waitMs, toMs(at) - nowMs);
      if (results.length > 0 || dirty.size > 0 || all || waitMs <= 0 || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', wake, { once: true });
      });
      if (wake !== undefined) signal.removeEventListener('abort', wake);
      wake = undefined;
    },
  };
}
