import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Product } from './product.fixture.js';

const TABLES = [
  'results.monitor_results',
  'results.target_status',
  'results.status_history',
  'results.job_run',
  'results.missed_slot',
  'evaluator.alert',
  'evaluator.target_state',
];

type Dump = Readonly<Record<string, readonly string[]>>;

async function read(client: pg.Client): Promise<Dump> {
  const dump: Record<string, string[]> = {};
  for (const table of TABLES) {
    const { rows } = await client.query(`select to_jsonb(t)::text as row from ${table} as t order by 1`);
    dump[table] = rows.map(({ row }) => row);
  }
  return dump;
}

async function withDatabase<T>(product: Product, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: product.local.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Every projected row, as text, once the tables have stopped changing. */
export async function dumpTables(product: Product): Promise<Dump> {
  return await withDatabase(product, async (client) => {
    for (let before = await read(client); ; ) {
      await delay(2_500);
      const after = await read(client);
      if (JSON.stringify(after) === JSON.stringify(before)) return after;
      before = after;
    }
  });
}

/** Pauses every monitor: from then on the tables stand still. */
export async function standStill(product: Product): Promise<void> {
  const { items } = await product.get('monitors?limit=200');
  for (const { id } of items) await product.post(`monitors/${id}/pause`);
}

const REPLAYED = ['result-projector', 'alert-evaluator', 'notifier', 'scheduler'];

interface Replayed {
  readonly isSame: boolean;
  readonly comparisons: readonly { readonly table: string; readonly differences: readonly object[] }[];
}

/** Folds the whole log beside the live tables, while the services run. @returns what is not the same */
export async function replayBeside(product: Product): Promise<string[]> {
  const { natsUrl, databaseUrl } = product.local;
  const found: string[] = [];
  for (const name of REPLAYED) {
    const main = fileURLToPath(new URL(`../../../services/${name}/dist/main.js`, import.meta.url));
    const schema = `${name.replace('-', '_')}_beside`;
    const args = [main, 'replay', '--to-schema', schema, '--compare', '--drop', '--json'];
    const env = { PATH: process.env.PATH, NATS_URL: natsUrl, DATABASE_URL: databaseUrl };
    // The exit code is 1 when something differs: what does is in the answer.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    if (stdout === '') throw new Error(`the replay of ${name} came to nothing: ${stderr}`);
    const { isSame, comparisons } = JSON.parse(stdout) as Replayed;
    if (isSame) continue;
    for (const { table, differences } of comparisons)
      if (differences.length > 0) found.push(`${name} ${table}: ${JSON.stringify(differences[0])}`);
  }
  return found;
}

/** Stops the services that fold, has each empty its tables, and starts them again, to fold the whole log. */
export async function rebuildEverything(product: Product): Promise<Dump> {
  const { services, natsUrl, databaseUrl } = product.local;
  for (const name of ['result-projector', 'alert-evaluator']) {
    await services[name]?.stop(8_000);
    const main = fileURLToPath(new URL(`../../../services/${name}/dist/main.js`, import.meta.url));
    await promisify(execFile)(process.execPath, [main, 'rebuild'], {
      env: { PATH: process.env.PATH, NATS_URL: natsUrl, DATABASE_URL: databaseUrl },
    });
    await services[name]?.start();
  }
  await product.local.ready(AbortSignal.timeout(30_000));
  await withDatabase(product, async (client) => {
    const behind = `select 1 from results.checkpoint where seq < rebuild_until
      union all select 1 from evaluator.checkpoint where seq < rebuild_until`;
    while ((await client.query(behind)).rowCount !== 0) await delay(200);
  });
  return await dumpTables(product);
}
