import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measurement } from './bench.js';
import { summary, timeFolding } from './world/fold.process.js';
import { fillStreams, type History } from './world/history.js';
import type { ServiceName, Stack } from './world/stack.process.js';

const EXPECTED_PER_SECOND = 30_000;
const MOST_OUTPUT = 64 * 1024 ** 2;

interface Replayed {
  readonly events: number;
  readonly seconds: number;
  readonly isSame: boolean;
}

/** As an operator runs it: with the identities that may do everything. */
async function replay(stack: Stack, name: ServiceName, schema: string): Promise<Replayed> {
  const main = fileURLToPath(new URL(`../../../services/${name}/dist/main.js`, import.meta.url));
  const args = [main, 'replay', '--to-schema', `${schema}_beside`, '--compare', '--drop', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env.PATH, NATS_URL: stack.natsUrl, DATABASE_URL: stack.databaseUrl },
    maxBuffer: MOST_OUTPUT,
  });
  return JSON.parse(stdout) as Replayed;
}

/** The log folded beside the live tables, and the same row for row: a rate of what is wrong would be none. */
export async function rebuilding(
  stack: Stack,
  history: History,
  say: (line: string) => void,
): Promise<Measurement[]> {
  const last = await fillStreams(stack, history, say);
  const rows: Measurement[] = [];
  for (const [name, schema] of [
    ['result-projector', 'results'],
    ['alert-evaluator', 'evaluator'],
  ] as const) {
    const live = await timeFolding(stack, name, schema, last);
    say(`${name} live: ${summary(live)}`);
    const { events, seconds, isSame } = await replay(stack, name, schema);
    if (!isSame) throw new Error(`the replay of ${name} is not what is live`);
    rows.push({
      what: `${name} replayed beside`,
      measured: events / seconds,
      unit: 'events/s',
      peer: { what: 'events/s live', measured: live.perSecond },
      expected: { of: 'measured', atLeast: EXPECTED_PER_SECOND },
      note: `${events} events in ${seconds.toFixed(1)} s, compared row for row`,
      details: { ...history, live },
    });
  }
  return rows;
}
