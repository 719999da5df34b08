import { connectDatabase } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { connectNats, createLogger, createMetrics, type Secret } from '@tocsin/service-kit';
import { createJetStreamLog } from '../jetstream.log.js';
import type { TableComparison } from './compare.store.js';
import { createProgress } from './progress.js';
import { compareWithLive, diff, foldShadow, swap } from './replay.js';
import { parseReplay, type ReplayOptions } from './replay-options.js';
import { type Replayable, ReplayError } from './replayable.js';
import { printReport, type ReplayReport } from './report.js';
import { dropSchema } from './shadow.store.js';
import { openShadow, type ReplayTools } from './shadow-fold.js';

/** `node dist/main.js replay …`. @returns the exit code: 0 done or the same, 1 differs, 2 wrong use, 3 could not */
export async function replayCommand(
  replayable: Replayable,
  config: { readonly DATABASE_URL: Secret; readonly NATS_URL: Secret },
  args: readonly string[],
): Promise<number> {
  const now = () => new Date().toISOString();
  const logger = createLogger({ name: `${replayable.service}-replay`, level: 'silent' });
  const databaseUrl = config.DATABASE_URL.reveal();
  const ending = new AbortController();
  const stop = () =>
    ending.abort(new Error('stopped: what is folded stays, the same command goes on with it'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const db = connectDatabase<unknown>({
    databaseUrl,
    name: `${replayable.service}-replay`,
    maxConnections: 2,
  });
  const nats = connectNats({ url: config.NATS_URL, name: `${replayable.service}-replay`, logger });
  try {
    const options = parseReplay(args, now);
    const progress = createProgress(
      (line) => process.stderr.write(`${line}\n`),
      () => performance.now(),
    );
    const log = createJetStreamLog({ nats, logger });
    const metrics = createMetrics(`${replayable.service}-replay`);
    const tools = { databaseUrl, db, log, logger, metrics, now, progress, signal: ending.signal };
    const report = await replay(tools, replayable, options);
    printReport(report, options.json, (line) => process.stdout.write(`${line}\n`));
    return report.isSame === false ? 1 : 0;
  } catch (error) {
    const message = reasonOf(error);
    process.stderr.write(`${message}\n`);
    return error instanceof ReplayError ? error.exitCode : 3;
  } finally {
    await nats.close();
    await db.destroy();
  }
}

/** NATS says nothing to whoever may not ask, so a permission that is missing is often heard as silence. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  return name === 'TimeoutError' || message.startsWith('Permissions Violation')
    ? `NATS says: ${message}. Is it well, and may the identity in NATS_URL read the streams? The operator's may`
    : message;
};

/** What the options ask for, in this order: fold, compare, swap, drop. */
export async function replay(
  tools: ReplayTools,
  replayable: Replayable,
  options: ReplayOptions,
): Promise<ReplayReport> {
  const { schema: live, service } = replayable;
  const base = { service, live };
  if (options.diff !== undefined) {
    const { comparisons, horizon } = await diff(tools, replayable, options.diff);
    const { events, seconds } = tools.progress.total();
    const [from, to] = options.diff;
    return {
      ...base,
      events,
      seconds,
      from,
      to,
      comparisons,
      isSame: isSame(comparisons),
      ...exact(horizon),
    };
  }
  const schema = options.toSchema ?? '';
  const isOnlyDrop = options.drop && !options.compare && !options.swap && options.at === undefined;
  if (isOnlyDrop) {
    await dropSchema(tools.db, schema);
    return { ...base, schema, dropped: true };
  }
  const shadow = await openShadow(tools, replayable, schema, options.at);
  try {
    await foldShadow(shadow);
    const folded = { ...tools.progress.total(), ...exact(shadow.horizon) };
    const comparisons = options.compare ? await compareWithLive(shadow, replayable) : undefined;
    const swapped = options.swap ? await swap(tools, shadow, replayable) : undefined;
    if (options.drop && swapped === undefined) await dropSchema(tools.db, schema);
    return {
      ...base,
      schema,
      ...folded,
      ...(options.at === undefined ? {} : { at: options.at }),
      ...(comparisons === undefined ? {} : { comparisons, isSame: isSame(comparisons) }),
      ...(swapped === undefined ? {} : { swapped }),
      ...(options.drop ? { dropped: true } : {}),
    };
  } finally {
    await shadow.close();
  }
}

const exact = (horizon: Instant | undefined) => (horizon === undefined ? {} : { resultsSince: horizon });

export const isSame = (comparisons: readonly TableComparison[]): boolean =>
  comparisons.every(
    ({ added, removed, changed, isDecisive }) => !isDecisive || added + removed + changed === 0,
  );
