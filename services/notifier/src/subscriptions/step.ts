import { addMs, type Instant } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { Wake } from '../sending/wake.js';
import type { Board } from './board.js';
import { endAttempts, loadStates, saveStates, startAttempts } from './ledger.store.js';
import { type Attempt, applyEnd, type Ended, nextAction, stateAfter } from './line.js';
import { fetchPage, type PageDeps } from './page.request.js';
import { SUBSCRIBED_STREAMS, type SubscriptionState } from './subscription.js';
import { tellOfEnd } from './tell-of-end.store.js';

export interface StepOptions extends PageDeps {
  readonly db: Kysely<unknown>;
  readonly board: Board;
  /** states that are not as they were read */
  readonly unsaved: Map<string, SubscriptionState>;
  readonly now: Instant;
  readonly random: () => number;
  readonly giveUpAfterMs: number | undefined;
  readonly providerWake: Wake;
  readonly logger: Logger;
  /** no new attempts: the service stops */
  readonly isStopping: boolean;
}

export interface Stepped {
  readonly starts: readonly Attempt[];
  readonly ended: readonly Ended[];
  /** providers that have something to tell */
  readonly woken: readonly string[];
}

const NOTHING: Stepped = { starts: [], ended: [], woken: [] };
const LOG_RETRY_MS = 1_000;

/**
 * Ends attempts and starts the next ones, for all subscriptions in one transaction. What it changes in memory before the
 * commit is read anew when that fails.
 */
export async function step(options: StepOptions): Promise<Stepped> {
  const { db, board, unsaved } = options;
  const results = board.results.splice(0);
  const early = results.length === 0 ? pick(options) : [];
  if (results.length === 0 && early.length === 0 && unsaved.size === 0) return NOTHING;
  try {
    return await db.transaction().execute(async (tx) => {
      // 1. load
      const ended = await endAttempts(tx, results);
      const strangers = ended.map(({ attempt }) => attempt.row.id).filter((id) => !board.lines.has(id));
      const elsewhere = strangers.length === 0 ? new Map() : await loadStates(tx, strangers);
      // 2. decide
      const states = new Map(unsaved);
      const gone: Ended[] = [];
      for (const one of ended) {
        const { id } = one.attempt.row;
        const line = board.lines.get(id);
        const before: SubscriptionState | undefined = line?.state ?? elsewhere.get(id);
        if (before === undefined) continue;
        const { giveUpAfterMs } = options;
        const after = stateAfter(before, one, { random: options.random(), giveUpAfterMs });
        if (after.standing.state === 'disabled' && before.standing.state !== 'disabled') gone.push(one);
        if (line !== undefined) applyEnd(line, after, one);
        states.set(id, after);
      }
      for (const { attempt } of results) {
        board.underWay.delete(attempt.row.id);
        if (board.lines.has(attempt.row.id)) board.ready.add(attempt.row.id);
      }
      const starts = [...early, ...(results.length === 0 ? [] : pick(options))];
      for (const { row } of starts) {
        const line = board.lines.get(row.id);
        if (line !== undefined) states.set(row.id, line.state);
      }
      // 3. write
      await startAttempts(tx, starts);
      await saveStates(tx, [...states.values()]);
      const woken: string[] = [];
      for (const { attempt } of gone) {
        const state = states.get(attempt.row.id);
        if (state !== undefined) woken.push(...(await tellOfEnd(tx, attempt.row, state, options)));
      }
      unsaved.clear();
      return { starts, ended, woken };
    });
  } catch (error) {
    // Nobody knows what was written: the attempts' rows will tell.
    board.results.unshift(...results);
    for (const { attempt } of results) board.underWay.set(attempt.row.id, { attempt, lane: 'slow' });
    throw error;
  }
}

/** The next attempt of everybody who has something to be sent and a place to be sent from. */
function pick({ board, now, isStopping, log, logger }: StepOptions): Attempt[] {
  const starts: Attempt[] = [];
  const taken = { quick: 0, slow: 0 };
  if (isStopping) return starts;
  for (const [id, at] of board.again)
    if (at <= now) {
      board.again.delete(id);
      board.ready.add(id);
    }
  for (const id of board.ready) {
    const line = board.lines.get(id);
    // Its end will have it looked at again.
    if (line === undefined || line.isFetching || board.underWay.has(id)) {
      board.ready.delete(id);
      continue;
    }
    const action = nextAction(line, now);
    if (action.do === 'send') {
      if (!board.hasRoom(line.lane, taken[line.lane])) continue;
      taken[line.lane] += 1;
      const number = line.state.attempts + 1;
      line.state = { ...line.state, attempts: number };
      const { row, state } = line;
      starts.push({ row, number, item: action.item, startedAt: now, startRevision: state.start_revision });
    } else if (action.do === 'fetch') {
      if (!board.hasRoomForPage) continue;
      board.page(line, async () => {
        try {
          for (const stream of action.streams) await fetchPage(line, stream, { log, logger });
        } catch (error) {
          logger.warn({ err: error, subscriptionId: id }, 'the log cannot be read for a subscription');
          if (board.lines.get(id) === line) board.again.set(id, addMs(now, LOG_RETRY_MS));
        }
      });
    } else {
      if (action.do === 'wait') board.again.set(id, action.until);
      // Nothing is held for who is sent nothing.
      if (action.do === 'wait' || !isOpen(line.row.enabled, line.state))
        for (const stream of SUBSCRIBED_STREAMS) line.inboxes[stream].drop();
    }
    board.ready.delete(id);
  }
  return starts;
}

const isOpen = (enabled: boolean, { standing }: SubscriptionState): boolean =>
  enabled && standing.state !== 'disabled';
