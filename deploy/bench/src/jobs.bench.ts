import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bench, Measurement } from './bench.js';
import { percentile } from './statistics.js';
import { startTarget } from './world/forked.process.js';
import { startStack } from './world/stack.process.js';
import { delay } from './world/wait.js';

const RUNS = Number(process.env.BENCH_RUNS ?? 200);
const BROWSER_RUNS = Number(process.env.BENCH_BROWSER_RUNS ?? 10);
const CHROMIUM = [process.env.TOCSIN_CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(
  (file) => file !== undefined && existsSync(file),
);
/** At most this much of the time of a browser test may be ours: 1 / 1.15. */
const EXPECTED_RATIO = 0.87;

interface Run {
  readonly runId: string;
  readonly status: string;
  readonly queuedAt: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly durationMs: number;
}

export const run: Bench['run'] = async (say) => {
  const target = await startTarget();
  const stack = await startStack({
    syncInterval: 'always',
    env: { TOCSIN_RUN_SCRIPTS: 'on', TOCSIN_RUN_CONCURRENCY: '4', TOCSIN_RUN_QUEUE_LIMIT: '1000' },
  });
  await stack.startAll();
  const api = caller(stack.service('api').url, () => readFileSync(stack.tokenFile, 'utf8').trim());
  const url = `http://127.0.0.1:${target.port}/`;

  say(`${RUNS} runs of an api scenario`);
  const scenario = await api.post('tests', {
    name: 'scenario',
    kind: 'api',
    definition: { steps: [{ name: 'front page', url }] },
  });
  const job = await api.post('jobs', { name: 'scenario', tests: [scenario.id], allowOverlap: true });
  const scenarios = await runAll(api, job.id, RUNS, 4);
  const waits = (await runOneByOne(api, job.id, 50)).map(waitOf);
  const measurements: Measurement[] = [
    {
      what: 'runs of an api scenario',
      measured: perMinute(scenarios),
      unit: 'runs/min',
      note: `one request each, four asked for at once, ${RUNS} in all; from the first asked for to the last finished`,
    },
    {
      what: 'queue latency p50, nothing else to do',
      measured: percentile(waits, 0.5),
      unit: 'ms',
      note: `in the queue to begun by an executor, ${waits.length} runs one after another; p99 ${percentile(waits, 0.99)} ms`,
    },
  ];
  if (CHROMIUM !== undefined) measurements.push(...(await browsers(api, url, say)));
  await stack.stop();
  await target.stop();
  return measurements;
};

async function browsers(api: Api, url: string, say: (line: string) => void): Promise<Measurement[]> {
  const script = `import { test, expect } from '@playwright/test';
test('answers', async ({ page }) => { expect((await page.goto('${url}'))?.status()).toBe(200); });`;
  const test = await api.post('tests', { name: 'script', kind: 'browser', definition: { script } });
  const job = await api.post('jobs', { name: 'script', tests: [test.id] });
  say(`${BROWSER_RUNS} browser tests, one after another, and as many bare`);
  await runOneByOne(api, job.id, 1);
  const bare: number[] = [];
  const ours: Run[] = [];
  // In turns, so that a neighbour of the machine meets both.
  for (let n = 0; n < BROWSER_RUNS; n += 1) {
    ours.push(...(await runOneByOne(api, job.id, 1)));
    bare.push(await runBare(script));
  }
  const medianOurs = percentile(
    ours.map(({ durationMs }) => durationMs),
    0.5,
  );
  const medianBare = percentile(bare, 0.5);
  return [
    {
      what: 'browser tests, one at a time',
      measured: 60_000 / medianOurs,
      unit: 'runs/min',
      peer: { what: 'bare `playwright test`', measured: 60_000 / medianBare },
      expected: { of: 'ratio', atLeast: EXPECTED_RATIO },
      note: `median ${Math.round(medianOurs)} ms from started to finished, report and console stored; bare ${Math.round(medianBare)} ms with the same reporters`,
    },
  ];
}

const waitOf = ({ queuedAt, startedAt }: Run) => Date.parse(startedAt) - Date.parse(queuedAt);
const perMinute = (runs: readonly Run[]) => {
  const first = Math.min(...runs.map(({ queuedAt }) => Date.parse(queuedAt)));
  const last = Math.max(...runs.map(({ finishedAt }) => Date.parse(finishedAt ?? '')));
  return (runs.length * 60_000) / (last - first);
};

type Api = ReturnType<typeof caller>;
/** What each of the routes that are called here answers, as far as it is used. */
interface Answer extends Run {
  readonly id: string;
}

function caller(origin: string, token: () => string) {
  const call = async (method: string, route: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${origin}/api/v1/${route}`, {
      method,
      headers: {
        authorization: `Bearer ${token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${route}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  return {
    get: (route: string) => call('GET', route),
    post: (route: string, body?: unknown) => call('POST', route, body),
  };
}

async function finished(api: Api, runId: string): Promise<Run> {
  for (;;) {
    const one = await api.get(`runs/${runId}`);
    if (one.finishedAt === null) await delay(20);
    else if (one.status === 'passed') return one;
    else throw new Error(`the run ended as ${one.status}: ${JSON.stringify(one)}`);
  }
}

async function runOneByOne(api: Api, jobId: string, count: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (let n = 0; n < count; n += 1) {
    const { runId } = await api.post(`jobs/${jobId}/run`);
    runs.push(await finished(api, runId));
  }
  return runs;
}

async function runAll(api: Api, jobId: string, count: number, atOnce: number): Promise<Run[]> {
  const ids: string[] = [];
  const ask = async () => {
    while (ids.length < count) ids.push((await api.post(`jobs/${jobId}/run`)).runId);
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return await Promise.all(ids.map((id) => finished(api, id)));
}

/** Playwright alone, with what the executor tells it. @returns milliseconds */
async function runBare(script: string): Promise<number> {
  const require = createRequire(import.meta.url);
  const cli = require.resolve('@playwright/test/cli');
  const folder = mkdtempSync(path.join(tmpdir(), 'bare-playwright-'));
  try {
    symlinkSync(path.resolve(path.dirname(cli), '../..'), path.join(folder, 'node_modules'));
    writeFileSync(path.join(folder, 'test.spec.ts'), script);
    const config = {
      reporter: [['line'], ['json', { outputFile: 'result.json' }], ['html', { open: 'never' }]],
      workers: 1,
      use: {
        trace: 'retain-on-failure',
        launchOptions: { executablePath: CHROMIUM, chromiumSandbox: false },
      },
    };
    writeFileSync(path.join(folder, 'playwright.config.mjs'), `export default ${JSON.stringify(config)};`);
    const startedAt = performance.now();
    const child = spawn(process.execPath, [cli, 'test'], { cwd: folder, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`bare playwright test ended with ${code}`);
    return performance.now() - startedAt;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
