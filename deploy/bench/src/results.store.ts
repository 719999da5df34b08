import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMet, type Measurement, ratioOf } from './bench.js';

export interface Outcome {
  readonly bench: string;
  readonly ranAt: string;
  readonly commit: string;
  readonly seconds: number;
  readonly machine: ReturnType<typeof machine>;
  readonly failure?: string;
  readonly measurements: readonly Measurement[];
}

const file = fileURLToPath(new URL('../results.json', import.meta.url));

export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
});

/** The commit that was measured, with a mark when the tree had changes of its own. */
export function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: new URL('.', import.meta.url) })
      .toString()
      .trim();
  } catch {
    return 'unknown';
  }
}

/** Benches that did not run this time keep what they showed last. @returns where it was written */
export function keep(outcomes: readonly Outcome[]): string {
  const kept = new Map(read().map((outcome) => [outcome.bench, outcome]));
  for (const outcome of outcomes) kept.set(outcome.bench, outcome);
  const judged = [...kept.values()]
    .toSorted((a, b) => a.bench.localeCompare(b.bench))
    .map(({ measurements, ...rest }) => ({
      ...rest,
      measurements: measurements.map((one) => ({ ...one, ratio: ratioOf(one), met: isMet(one) })),
    }));
  writeFileSync(file, `${JSON.stringify(judged, undefined, 2)}\n`);
  return file;
}

function read(): Outcome[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome[];
  } catch {
    return [];
  }
}
