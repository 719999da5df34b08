import { setImmediate as othersFirst } from 'node:timers/promises';
import { whatIf } from '@tocsin/alerting';
import type { WhatIfAnswer, WhatIfInput } from '@tocsin/http-api';
import { addMs, DomainError, type Instant } from '@tocsin/kernel';
import type { Database } from '../wiring.js';
import { createAnswer } from './answer.js';
import { type Gathered, gather } from './gather.store.js';
import { findTargets } from './past-of-targets.store.js';

type Portion = Promise<IteratorResult<Gathered[], void>>;

function ask(portions: AsyncGenerator<Gathered[], void>): Portion {
  const portion = portions.next();
  // When one fails nobody waits for the others any more
  portion.catch(() => undefined);
  return portion;
}

const DAY_MS = 86_400_000;
/** Of results read at a time, which are held in memory; more of them do not make it faster. */
const TARGETS_AT_A_TIME = 50;
const BATCHES_AT_A_TIME = 2;
/** Somebody waits for it, and Postgres has other things to do. */
const MOST_MS = 60_000;

/**
 * Folds the past of each target twice and compares. Reads only.
 * @throws DomainError `not_found` when the project has none of those asked for
 */
export async function askWhatIf(
  db: Database,
  project: string,
  input: WhatIfInput,
  now: Instant,
): Promise<WhatIfAnswer> {
  const began = performance.now();
  const targets = await findTargets(db, project, input);
  const asked = new Set([...(input.monitors ?? []), ...(input.jobs ?? [])]);
  for (const { id } of targets) asked.delete(id);
  const [missing] = asked;
  if (missing !== undefined) throw new DomainError('not_found', `there is no monitor or job ${missing}`);
  const period = { from: addMs(now, -input.days * DAY_MS), to: now };
  const window = { start: addMs(period.from, -DAY_MS), to: now };
  const sum = createAnswer(period, input.timeZone);
  const inTime = () => performance.now() - began < MOST_MS;
  let sent = 0;
  const loading: { readonly portions: AsyncGenerator<Gathered[], void>; readonly first: Portion }[] = [];
  const loadMore = () => {
    while (loading.length < BATCHES_AT_A_TIME && sent < targets.length && inTime()) {
      const some = targets.slice(sent, sent + TARGETS_AT_A_TIME);
      sent += some.length;
      const portions = gather(db, some, window, input.alertConfig);
      loading.push({ portions, first: ask(portions) });
    }
  };
  let done = 0;
  for (loadMore(); loading.length > 0; loadMore()) {
    const { portions, first } = loading.shift()!;
    let portion = await first;
    // Postgres looks for the next while these are folded
    loadMore();
    while (portion.done !== true) {
      const next = ask(portions);
      for (const { history, ...known } of portion.value) {
        sum.add({ ...known, folded: whatIf(history, input.alertConfig, period.from) });
        await othersFirst();
      }
      done += portion.value.length;
      portion = inTime() ? await next : await portions.return(undefined);
    }
  }
  return sum.answer({
    tookMs: Math.round(performance.now() - began),
    unfinished: targets.length - done,
  });
}
