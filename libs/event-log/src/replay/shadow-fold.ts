import { connectDatabase } from '@tocsin/database';
import { ALL_SHARDS, type Instant } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { EventLog } from '../event-log.js';
import { createProjectionTables } from '../projection.store.js';
import { cloneTable, dropRepeats, indexTable, quoted } from './clone.store.js';
import { foldToBounds } from './fold.loop.js';
import {
  boundsAt,
  checkLog,
  endsAt,
  heldResults,
  idsUpTo,
  livePositions,
  setBounds,
} from './positions.store.js';
import type { Progress } from './progress.js';
import { type Bound, couldNot, type Past, type Replayable, type Round } from './replayable.js';
import { checkName, makeSchema, ownerOf, readMark, type ShadowMark } from './shadow.store.js';

export interface ReplayTools {
  readonly databaseUrl: string;
  /** as whoever runs this */
  readonly db: Kysely<unknown>;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Instant;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

type Tx = Transaction<unknown>;

/** Tables beside the live ones, and what can be done with them. */
export interface Shadow {
  readonly name: string;
  readonly owner: string;
  readonly mark: ShadowMark;
  /** finds its tables first, then the live ones; acts as their owner */
  readonly db: Kysely<unknown>;
  /** since when it can be told exactly what the live tables hold; undefined when since ever */
  readonly horizon: Instant | undefined;
  /**
   * Folds up to where the live tables are and, while they are seen or held exactly there, does the rest.
   * @param live a transaction that sees the live tables; a new snapshot when absent
   */
  catchUp<T>(then: (live: Tx) => Promise<T>, live?: Tx): Promise<T>;
  close(): Promise<void>;
}

/** Makes the shadow, or goes on with the one that is there. */
export async function openShadow(
  tools: ReplayTools,
  replayable: Replayable,
  name: string,
  at?: Instant,
): Promise<Shadow> {
  const { schema: live, service } = replayable;
  checkName(name, live);
  const owner = await ownerOf(tools.db, live);
  const found = await readMark(tools.db, name);
  if (found !== undefined && (found.tocsin !== 'replay' || found.live !== live || found.at !== at))
    throw couldNot(
      `${name} holds something else (${found.tocsin} of ${found.live}${found.at === undefined ? '' : ` as of ${found.at}`}): ` +
        'choose another name, or remove it with --drop first',
    );
  const mark: ShadowMark = found ?? {
    tocsin: 'replay',
    service,
    live,
    madeAt: tools.now(),
    ...(at === undefined ? {} : { at }),
  };
  await checkLog(tools.log, await livePositions(tools.db, replayable));
  const { horizon, firstResult } = await heldResults(tools.log, replayable, tools.now());
  if (found === undefined) await makeSchema(tools.db, name, owner, mark);
  const db = connectDatabase<unknown>({
    databaseUrl: tools.databaseUrl,
    name: `${service}-replay`,
    schemas: [name, live],
    role: owner,
    maxConnections: 4,
  });
  const past = at === undefined ? undefined : pastOf(tools.log, replayable, at);
  let isFirst = !(await isMade(db, name));

  /** @param by the transaction that sees the live tables at the bounds */
  async function begin(bounds: readonly Bound[], by: Tx, isHeld: boolean): Promise<Round> {
    const round: Round = {
      live,
      shadow: name,
      isFirst,
      bounds,
      horizon,
      firstResult,
      isHeld,
      ...(past === undefined ? {} : { past }),
    };
    const prepare = async (tx: Tx) => {
      if (isFirst) await makeTables(tx, replayable, name);
      await setBounds(tx, name, bounds);
      await replayable.prepare?.(tx, round);
    };
    if (isHeld) await db.transaction().execute(prepare);
    else await asSeenBy(db, by, prepare);
    isFirst = false;
    return round;
  }

  async function fold(round: Round): Promise<void> {
    tools.progress.aim(round.bounds, await foldedSoFar(db, name));
    for (const one of replayable.projections)
      await foldToBounds({ ...tools, db, shadow: name, onFolded: tools.progress.folded }, one);
    await finishTables(db, replayable, name);
    await replayable.settle?.(db, round);
  }

  return {
    name,
    owner,
    mark,
    db,
    horizon,
    async catchUp(then, held) {
      const work = async (seen: Tx) => {
        const positions = await livePositions(seen, replayable);
        const bounds = past === undefined ? positions : await boundsAt(positions, past.endOf);
        await fold(await begin(bounds, seen, held !== undefined));
        return await then(seen);
      };
      if (held !== undefined) return await work(held);
      return await db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (tx) => {
          await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
          return await work(tx);
        });
    },
    close: () => db.destroy(),
  };
}

function pastOf(log: EventLog, { projections }: Replayable, at: Instant): Past {
  const endOf = endsAt(log, at);
  const inputs = projections.flatMap(({ projection }) => projection.inputs);
  return {
    endOf,
    idsOf: async (stream) => {
      const subjects = inputs.find((input) => input.stream === stream)?.subjects(ALL_SHARDS) ?? [];
      return await idsUpTo(log, stream, subjects, await endOf(stream));
    },
  };
}

/** In a transaction of its own, which sees what the other one sees. */
async function asSeenBy(db: Kysely<unknown>, by: Tx, work: (tx: Tx) => Promise<void>): Promise<void> {
  const { rows } = await sql<{ snapshot: string }>`select pg_export_snapshot() as snapshot`.execute(by);
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await sql`set transaction snapshot ${sql.lit(rows[0]?.snapshot ?? '')}`.execute(tx);
      await work(tx);
    });
}

async function makeTables(tx: Tx, { schema, tables }: Replayable, shadow: string): Promise<void> {
  await createProjectionTables(tx, shadow);
  // Emptied by a crash together with the tables it speaks of.
  await sql`alter table ${sql.id(shadow, 'checkpoint')} set unlogged`.execute(tx);
  for (const { name, indexLate } of tables) {
    await cloneTable(tx, schema, shadow, name);
    if (indexLate !== true) await indexTable(tx, schema, shadow, name);
  }
}

/** Keys and indexes of what had none while it filled. */
async function finishTables(db: Kysely<unknown>, { schema, tables }: Replayable, shadow: string) {
  for (const { name, key, indexLate } of tables) {
    if (indexLate !== true || (await hasKey(db, shadow, name))) continue;
    await db.transaction().execute(async (tx) => {
      await sql`set local maintenance_work_mem = '256MB'`.execute(tx);
      await dropRepeats(tx, shadow, name, key);
      await indexTable(tx, schema, shadow, name);
    });
  }
}

async function hasKey(db: Kysely<unknown>, schema: string, name: string): Promise<boolean> {
  const { rows } = await sql`select from pg_constraint
    where conrelid = ${`${quoted(schema)}.${quoted(name)}`}::regclass and contype = 'p'`.execute(db);
  return rows.length > 0;
}

async function foldedSoFar(db: Kysely<unknown>, shadow: string): Promise<Bound[]> {
  const { rows } = await sql<Bound>`
    select projection, stream, shard, seq from ${sql.id(shadow, 'checkpoint')}`.execute(db);
  return rows;
}

/** @throws when it was made and Postgres has lost what was in it */
async function isMade(db: Kysely<unknown>, shadow: string): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = ${quoted(shadow)}::regnamespace
      and relname = 'checkpoint'`.execute(db);
  if (rows.length === 0) return false;
  if ((await foldedSoFar(db, shadow)).length === 0)
    throw couldNot(
      `what was folded into ${shadow} went with a crash of Postgres: remove it with --drop and begin anew`,
    );
  return true;
}
