import { type Append, appendEvents } from '@tocsin/event-log';
import { type Instant, toMs } from '@tocsin/kernel';
import { type Bucket, evolveBreaker, FULL_BUCKET } from '@tocsin/notifying';
import type { Kysely } from 'kysely';
import { DELIVERIES } from '../notifier.js';
import { rateOf } from '../settings/provider-settings.js';
import { type Desk, HEALTHY, type Health, type Job, type Result } from './desk.js';
import { DUE_LIMIT, liveWorkers, loadDesks, loadDue, nextDue } from './desk.store.js';
import { closedUntil, type Dispatch, dispatchDesk, isClosed } from './dispatch-desk.js';
import {
  endAttempts,
  interruptAttempts,
  releaseWaits,
  saveEndings,
  saveHealth,
  saveWaits,
  startAttempts,
} from './ledger.store.js';
import { settleResult } from './settle-result.js';
import { tellOthers } from './tell-others.store.js';
import type { Wake } from './wake.js';

export interface TickInput {
  readonly db: Kysely<unknown>;
  readonly group: string;
  readonly worker: number;
  readonly now: Instant;
  readonly random: () => number;
  /** attempts that came to an end */
  readonly results: readonly Result[];
  /** destinations that may send: ours, with no attempt under way */
  readonly open: ReadonlySet<string>;
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly wake: Wake;
}

export interface TickOutcome {
  readonly starts: readonly { readonly job: Job }[];
  readonly settled: readonly Result[];
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** when to look at a destination again, unless something happens before */
  readonly again: ReadonlyMap<string, Instant>;
  /** other destinations that have something to send now */
  readonly woken: readonly string[];
}

/** Ends attempts, decides and starts the next ones: one transaction for all destinations that have something to do. */
export async function tick(input: TickInput): Promise<TickOutcome> {
  const { db, now, worker, results } = input;
  return await db.transaction().execute(async (tx) => {
    // 1. load
    const ids = new Set([...results.map(({ job }) => job.notification.provider_id), ...input.open]);
    const desks = await loadDesks(tx, [...ids]);
    const ended = await endAttempts(tx, results);

    // 2. decide what became of the attempts
    const changed = new Map<string, Health>();
    const events: Append[] = [];
    const toTell: string[] = [];
    const settlements = ended.map((result) => {
      const id = result.job.notification.provider_id;
      const desk = deskOf(desks, id);
      const settled = settleResult(result, desk.health, input.random());
      events.push(...settled.events);
      // What was sent under older settings says nothing of those in force.
      if (desk.provider === undefined || desk.provider.revision === result.job.provider.revision) {
        desks.set(id, { ...desk, health: settled.health });
        changed.set(id, settled.health);
        if (settled.tell) toTell.push(id);
      }
      return settled.ending;
    });
    await saveEndings(tx, settlements);
    const finished = ended.filter((_, index) => settlements[index]?.state !== 'planned');
    await releaseWaits(
      tx,
      finished
        .map(({ job }) => job.notification)
        .filter(({ alert_event }) => alert_event === 'alert.raised' || alert_event === 'alert.unmuted'),
      now,
    );

    // 3. decide what to send
    const again = new Map<string, Instant>();
    const ready: string[] = [];
    for (const id of input.open) {
      const until = closedUntil(deskOf(desks, id), now);
      if (until === undefined) ready.push(id);
      else again.set(id, until);
    }
    const closed = ready.filter((id) => isClosed(deskOf(desks, id)));
    const due = ready.length === 0 ? new Map<string, never[]>() : await loadDue(tx, ready, closed, now);
    const doubtful = [...due.values()].some((rows) =>
      rows.some(({ last_outcome }) => last_outcome === 'started'),
    );
    const live = doubtful ? await liveWorkers(tx, input.group) : new Set<number>();
    const buckets = new Map<string, Bucket>();
    const dispatches: Dispatch[] = [];
    const idle: string[] = [];
    for (const id of ready) {
      const desk = deskOf(desks, id);
      const rows = due.get(id) ?? [];
      const dispatch = dispatchDesk(desk, rows, {
        now,
        worker,
        liveWorkers: live,
        bucket: input.buckets.get(id) ?? FULL_BUCKET,
        rate: rateOf(desk.provider?.kind ?? ''),
      });
      dispatches.push(dispatch);
      buckets.set(id, dispatch.bucket);
      if (dispatch.againAt !== undefined) again.set(id, dispatch.againAt);
      else if (dispatch.start === undefined && rows.length === DUE_LIMIT) again.set(id, now);
      else if (dispatch.start === undefined) idle.push(id);
      if (dispatch.start !== undefined && dispatch.probe) {
        const breaker = evolveBreaker(desk.health.breaker, { type: 'probe_started', atMs: toMs(now) });
        changed.set(id, { ...desk.health, breaker });
      }
    }

    // 4. write
    const starts = dispatches.flatMap(({ start }) => (start === undefined ? [] : [start]));
    await interruptAttempts(
      tx,
      dispatches.flatMap(({ interrupted }) => interrupted),
      now,
    );
    await saveEndings(
      tx,
      dispatches.flatMap(({ endings }) => endings),
    );
    await saveWaits(
      tx,
      dispatches.flatMap(({ waits }) => waits),
    );
    await startAttempts(tx, starts, worker);
    await saveHealth(tx, changed);
    const woken: string[] = [];
    for (const id of new Set(toTell)) woken.push(...(await tellOthers(tx, deskOf(desks, id), now)));
    await input.wake.inTransaction(tx, woken);
    for (const [id, at] of await nextDue(tx, idle, now)) again.set(id, at);
    await appendEvents(tx, DELIVERIES, [...events, ...dispatches.flatMap((one) => one.events)]);
    return { starts: starts.map((job) => ({ job })), settled: ended, buckets, again, woken };
  });
}

const deskOf = (desks: ReadonlyMap<string, Desk>, id: string): Desk =>
  desks.get(id) ?? { id, provider: undefined, health: HEALTHY };
