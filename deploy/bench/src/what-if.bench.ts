import { readFileSync } from 'node:fs';
import { toInstant } from '@tocsin/kernel';
import type { Bench, Measurement } from './bench.js';
import { fillMonth, type Month } from './world/month.store.js';
import { type Stack, startStack } from './world/stack.process.js';
import { startMeter } from './world/usage.process.js';
import { delay } from './world/wait.js';

const EXPECTED_SECONDS = 10;
const CHANGES = [
  { failureThreshold: 1 },
  { failureThreshold: 4 },
  { recoveryThreshold: 5 },
] as const satisfies readonly Record<string, number>[];

const month: Month = {
  monitors: Number(process.env.BENCH_WHAT_IF_MONITORS ?? 1_000),
  days: 30,
  badHours: Number(process.env.BENCH_WHAT_IF_BAD_HOURS ?? 0.02),
};

interface Answer {
  readonly results: number;
  readonly resultsRead: number;
  readonly totals: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly same: number;
  };
  readonly baseline: { readonly differsFromHistory: number };
  readonly unfinished: number;
}

/** 30 days of one-minute monitors, asked over HTTP like anybody does; from nothing remembered but what Postgres caches. */
export const run: Bench['run'] = async (say) => {
  const stack = await startStack({ syncInterval: 'default' });
  // The services make their tables; the one that forgets old results is not to run on
  for (const name of ['result-projector', 'alert-evaluator'] as const) {
    await (await stack.start(name)).ready();
    await stack.service(name).stop();
  }
  await (await stack.start('api')).ready();
  const began = performance.now();
  const filled = await fillMonth(stack.sql, month, toInstant(Date.now()));
  say(
    `${month.monitors} monitors, ${filled.outages} outages, figures for ${filled.results} results, ${filled.stored} stored; filled in ${seconds(began)} s`,
  );
  const rows: Measurement[] = [];
  for (const alertConfig of CHANGES) {
    const asked = performance.now();
    const read = startMeter(stack.pids());
    const answer = await ask(stack, { alertConfig, all: true, days: month.days, timeZone: 'Europe/Berlin' });
    const took = seconds(asked);
    const { cpuMs, totalCpuMs } = read();
    rows.push({
      what: `what-if ${JSON.stringify(alertConfig)}`,
      measured: took,
      unit: 's',
      expected: { of: 'measured', atMost: EXPECTED_SECONDS },
      note: `${(totalCpuMs / 1_000).toFixed(1)} s of CPU in all; ${answer.results} results, ${answer.resultsRead} read one by one; ${answer.totals.added} added, ${answer.totals.removed} removed, ${answer.totals.changed} changed; differs from the alerts of the time in ${answer.baseline.differsFromHistory}`,
      details: { cpuMs, ...month, ...filled, ...answer, targets: undefined, nights: undefined },
    });
    say(`${rows.at(-1)?.what}: ${rows.at(-1)?.measured} s, ${rows.at(-1)?.note}`);
  }
  await stack.stop();
  return rows;
};

const seconds = (since: number) => Math.round(performance.now() - since) / 1_000;

async function ask(stack: Stack, body: object): Promise<Answer> {
  const authorization = `Bearer ${readFileSync(stack.tokenFile, 'utf8').trim()}`;
  const { url } = stack.service('api');
  for (;;) {
    const answer = await fetch(`${url}/api/v1/what-if`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.ok) return (await answer.json()) as Answer;
    if (answer.status !== 503) throw new Error(`POST /what-if: ${answer.status} ${await answer.text()}`);
    await delay(100);
  }
}
