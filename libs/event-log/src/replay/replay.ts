import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '@tocsin/kernel';
import { sql, type Transaction } from 'kysely';
import { keepTable } from './clone.store.js';
import { compareTable, type Side, type TableComparison } from './compare.store.js';
import { couldNot, type Replayable } from './replayable.js';
import { dropIfEmpty, dropSchema, makeSchema } from './shadow.store.js';
import { openShadow, type ReplayTools, type Shadow } from './shadow-fold.js';
import { holdLive, swapTables, wasInTheWay, whoHolds } from './swap.store.js';

/** Differences of each table that are told in full. */
const MOST = 20;
/** A swap gives way to whoever reads the live tables, for this long, milliseconds. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 250;

export interface SwapOutcome {
  /** where what was live is now */
  readonly before: string;
  /** how long the live folds waited, milliseconds */
  readonly heldMs: number;
}

/** Up to where the live tables are, which go on meanwhile: the second pass is as short as the first was long. */
export async function foldShadow(shadow: Shadow): Promise<void> {
  await shadow.catchUp(async () => undefined);
  if (shadow.mark.at === undefined) await shadow.catchUp(async () => undefined);
}

/** Both at exactly the same position: the live tables as a snapshot sees them, the shadow folded up to it. */
export async function compareWithLive(shadow: Shadow, replayable: Replayable): Promise<TableComparison[]> {
  return await shadow.catchUp(
    async (live) =>
      await shadow.db.transaction().execute(async (tx) => {
        await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
        const sides = [
          { tx: live, schema: replayable.schema },
          { tx, schema: shadow.name },
        ] as const;
        return await compareAll(sides, replayable, live, shadow.horizon === undefined);
      }),
  );
}

/** What became of the first on the way to the second. */
async function compareShadows(
  [one, other]: readonly [Shadow, Shadow],
  replayable: Replayable,
): Promise<TableComparison[]> {
  return await one.db.transaction().execute(async (tx) => {
    const sides = [
      { tx, schema: one.name },
      { tx, schema: other.name },
    ] as const;
    return await compareAll(sides, replayable, tx, true);
  });
}

async function compareAll(
  sides: readonly [Side, Side],
  { tables }: Replayable,
  live: Transaction<unknown>,
  isWhole: boolean,
): Promise<TableComparison[]> {
  const comparisons: TableComparison[] = [];
  for (const table of tables) {
    if (table.role !== 'folded') continue;
    const where = (await table.compared?.(live)) ?? 'true';
    const isDecisive = isWhole || table.needsWholeLog !== true;
    comparisons.push(await compareTable(sides, table, { where, isDecisive, most: MOST }));
  }
  return comparisons;
}

/**
 * Puts the shadow in the place of the live tables. Running services go on: they wait while their tables are held, find the
 * new ones by the same names, and go on from the checkpoint, which was never theirs to lose.
 */
export async function swap(tools: ReplayTools, shadow: Shadow, replayable: Replayable): Promise<SwapOutcome> {
  const { schema: live, service, tables } = replayable;
  const before = `${live}_before_${compact(tools.now())}`;
  for (const { name, role } of tables)
    if (role === 'folded') await shadow.db.transaction().execute((tx) => keepTable(tx, shadow.name, name));
  await shadow.catchUp(async () => undefined);
  await makeSchema(tools.db, before, shadow.owner, {
    tocsin: 'before',
    service,
    live,
    madeAt: tools.now(),
  });
  const schemas = { live, shadow: shadow.name, before };
  const until = performance.now() + PATIENCE_MS;
  const once = () =>
    shadow.db.transaction().execute(async (tx) => {
      await holdLive(tx, replayable);
      const heldAt = performance.now();
      await shadow.catchUp(async () => undefined, tx);
      await replayable.beforeSwap?.(tx, schemas);
      await swapTables(tx, replayable, schemas);
      await replayable.afterSwap?.(tx, schemas);
      return performance.now() - heldAt;
    });
  let heldMs: number | undefined;
  while (heldMs === undefined) {
    try {
      heldMs = await once();
    } catch (error) {
      const isInTheWay = wasInTheWay(error);
      if (isInTheWay && performance.now() <= until) {
        await delay(AGAIN_MS);
        continue;
      }
      const who = await whoHolds(shadow.db, replayable).catch(() => '');
      await dropIfEmpty(tools.db, before);
      if (!isInTheWay) throw error;
      throw couldNot(
        `the tables of ${live} were in use for ${PATIENCE_MS / 1_000} s on end${who === '' ? '' : ` by ${who}`}: nothing was swapped`,
      );
    }
  }
  // Behind the commit: whatever becomes of this, they changed places, and once.
  await dropSchema(tools.db, shadow.name);
  return { before, heldMs };
}

/** Two states of the past beside each other, gone when it is known what differs. */
export async function diff(
  tools: ReplayTools,
  replayable: Replayable,
  instants: readonly [Instant, Instant],
): Promise<{ comparisons: TableComparison[]; horizon: Instant | undefined }> {
  const shadows: Shadow[] = [];
  try {
    for (const [n, at] of instants.entries()) {
      const shadow = await openShadow(tools, replayable, `${replayable.schema}_diff_${n}_${compact(at)}`, at);
      shadows.push(shadow);
      await foldShadow(shadow);
    }
    const [one, other] = shadows as [Shadow, Shadow];
    return { comparisons: await compareShadows([one, other], replayable), horizon: one.horizon };
  } finally {
    for (const shadow of shadows) {
      await shadow.close();
      await dropSchema(tools.db, shadow.name);
    }
  }
}

/** As part of a name. */
const compact = (at: Instant): string => at.replaceAll(/\D/g, '');
