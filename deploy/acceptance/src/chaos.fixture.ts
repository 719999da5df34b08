import { setTimeout as delay } from 'node:timers/promises';
import type { Kept } from '@tocsin/local';
import { startWebhookFake, type WebhookFake } from '@tocsin/testing';
import pg from 'pg';
import { alertConfig, type Json, type Product, startProduct } from './product.fixture.js';
import { pick, seeded } from './random.js';
import { startSwitchboard } from './switchboard.fixture.js';

export interface ChaosOptions {
  readonly seed: number;
  readonly monitors: number;
  readonly kills: number;
  /** between two kills, milliseconds */
  readonly everyMs: number;
}

export interface ChaosReport {
  readonly seed: number;
  readonly kills: Readonly<Record<string, number>>;
  /** outages that were switched on, seen and switched off again */
  readonly outages: number;
  readonly checks: number;
  /** alert episodes in the table; each seeded outage is to have one */
  readonly raised: number;
  readonly resolved: number;
  /** alert events on the log by type */
  readonly events: Readonly<Record<string, number>>;
  readonly notifications: Readonly<Record<string, number>>;
  /** requests at the receiver, and how many distinct notifications they carried */
  readonly received: number;
  readonly distinct: number;
  /** results that share monitor, slot and location */
  readonly doubleSlots: number;
  readonly deadLetters: number;
  readonly brokenChains: string;
}

const SETTLE_MS = 90_000;

/**
 * Monitors flip while processes are killed. Each target is switched off until its alert is open and on until it is
 * closed, so that the number of outages is known and the number of alerts has to match it.
 */
export async function runChaos(
  options: ChaosOptions,
): Promise<{ report: ChaosReport; product: Product; stop: () => Promise<void> }> {
  const random = seeded(options.seed);
  const [product, hook, board] = await Promise.all([startProduct(), startWebhookFake(), startSwitchboard()]);
  const database = new pg.Pool({ connectionString: product.local.databaseUrl, max: 2 });
  database.on('error', () => undefined);
  const stop = async () => {
    await database.end().catch(() => undefined);
    await product.stop();
    await hook.stop();
    await board.stop();
  };
  try {
    // As many destinations as it takes for none to fall behind its rate limit: old news would be dropped, rightly.
    const providers: string[] = [];
    for (let n = 0; n < Math.ceil(options.monitors / 6); n += 1) {
      const config = { url: `${hook.url}/${n}` };
      providers.push(
        (await product.post('notification-providers', { name: `hook ${n}`, type: 'webhook', config })).id,
      );
    }
    const targets: string[] = [];
    for (let n = 0; n < options.monitors; n += 1) {
      const monitor = await product.post('monitors', {
        name: `target ${n}`,
        type: 'http_request',
        target: board.urlOf(n),
        intervalSeconds: 1,
        config: { timeoutSeconds: 2 },
        alertConfig: alertConfig([providers[n % providers.length] ?? '']),
      });
      targets.push(monitor.id);
    }

    // 1. Outages, each until its alert is open, then until it is closed
    const faultsOver = new AbortController();
    let outages = 0;
    const query = async (text: string, values: unknown[] = []): Promise<Json[]> => {
      for (;;) {
        try {
          return (await database.query(text, values)).rows;
        } catch {
          await delay(200);
        }
      }
    };
    const openAlerts = async (id: string): Promise<number> =>
      Number(
        (await query(`select count(*) from evaluator.alert where target_id = $1 and state = 'open'`, [id]))[0]
          .count,
      );
    const until = async (what: string, id: string, wanted: number) => {
      for (const deadline = Date.now() + SETTLE_MS; (await openAlerts(id)) !== wanted; ) {
        if (Date.now() > deadline)
          throw new Error(`seed ${options.seed}: ${what} of ${id} not within ${SETTLE_MS / 1000} s`);
        await delay(100);
      }
    };
    const flips = targets.map(async (id, n) => {
      const own = seeded(options.seed * 1000 + n);
      while (!faultsOver.signal.aborted) {
        await delay(own() * 3_000);
        board.set(n, false);
        await until('alert', id, 1);
        await delay(own() * 1_000);
        board.set(n, true);
        await until('end', id, 0);
        outages += 1;
      }
    });
    const flipped = Promise.all(flips);
    flipped.catch(() => undefined);

    // 2. Kills
    const { nats, postgres, services } = product.local;
    const victims: Record<string, Kept | undefined> = { ...services, nats, postgres };
    const kills: Record<string, number> = {};
    for (let n = 0; n < options.kills; n += 1) {
      await Promise.race([delay(options.everyMs * (0.5 + random())), flipped]);
      const name = pick(random, Object.keys(victims));
      victims[name]?.kill('SIGKILL');
      kills[name] = (kills[name] ?? 0) + 1;
    }

    // 3. Quiet, and everything told
    faultsOver.abort();
    await flipped;
    await product.local.ready(AbortSignal.timeout(SETTLE_MS));
    const pending = async () =>
      Number((await query(`select count(*) from notifier.notification where state = 'planned'`))[0].count) +
      Number((await query('select count(*) from evaluator.event where stream_seq is null'))[0].count);
    const planned = async () => Number((await query('select count(*) from notifier.notification'))[0].count);
    for (
      const deadline = Date.now() + SETTLE_MS;
      (await pending()) > 0 || (await planned()) < outages * 2;
    ) {
      if (Date.now() > deadline) break;
      await delay(200);
    }
    return { report: await report(options, kills, outages, query, hook), product, stop };
  } catch (error) {
    const tail = product.lines.slice(-60).join('\n');
    await stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tail}`, { cause: error });
  }
}

async function report(
  { seed }: ChaosOptions,
  kills: Record<string, number>,
  outages: number,
  query: (text: string) => Promise<Json[]>,
  hook: WebhookFake,
): Promise<ChaosReport> {
  const [alerts] = await query(`
    select count(*)::int as raised, count(*) filter (where state = 'resolved')::int as resolved from evaluator.alert`);
  const events = await query('select type, count(*)::int from evaluator.event group by 1');
  const notifications = await query('select state, count(*)::int from notifier.notification group by 1');
  const [results] = await query(`
    select count(*)::int as checks, count(*)::int - count(distinct (monitor_id, slot, location))::int as doubles
    from results.monitor_results`);
  const [letters] = await query(`
    select (select count(*) from results.dead_letter) + (select count(*) from evaluator.dead_letter)
      + (select count(*) from notifier.dead_letter) + (select count(*) from scheduler.dead_letter) as count`);
  const [chain] = await query(`
    select string_agg(chain || ':' || position, ' ') as broken from (
      select chain, position, prev_hash, lag(hash) over (partition by chain order by position) as before,
        position - row_number() over (partition by chain order by position) as gap
      from evaluator.event) as links
    where gap <> 0 or (position > 1 and prev_hash <> before)`);
  const counted = (rows: Json[], key: string) => Object.fromEntries(rows.map((row) => [row[key], row.count]));
  return {
    seed,
    kills,
    outages,
    checks: results.checks,
    raised: alerts.raised,
    resolved: alerts.resolved,
    events: counted(events, 'type'),
    notifications: counted(notifications, 'state'),
    received: hook.received.length,
    distinct: new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size,
    doubleSlots: results.doubles,
    deadLetters: Number(letters.count),
    brokenChains: chain.broken ?? '',
  };
}
