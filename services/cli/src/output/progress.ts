import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from './output.js';

const LINE_EVERY_MS = 5000;

export function createProgress(stderr: NodeJS.WriteStream, what: string, total = 0): Progress {
  return stderr.isTTY ? bar(stderr, what, total) : lines(stderr, what, total);
}

function bar(stream: NodeJS.WriteStream, what: string, total: number): Progress {
  const format = `${what} {bar} {percentage}% | {value}/{total} | {rate}/s`;
  const shown = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true }, Presets.rect);
  const startedAt = performance.now();
  shown.start(total, 0, { rate: 0 });
  return {
    update(done, newTotal) {
      if (newTotal !== undefined) shown.setTotal(newTotal);
      shown.update(done, { rate: rateOf(done, startedAt) });
    },
    stop: () => {
      shown.stop();
    },
  };
}

function lines(stream: NodeJS.WriteStream, what: string, expected: number): Progress {
  const startedAt = performance.now();
  let saidAt = startedAt;
  let total = expected;
  return {
    update(done, newTotal) {
      total = newTotal ?? total;
      const now = performance.now();
      if (now - saidAt < LINE_EVERY_MS) return;
      saidAt = now;
      const of = total > 0 ? ` of ${total}` : '';
      stream.write(`${what}: ${done}${of}, ${rateOf(done, startedAt)}/s\n`);
    },
    stop: () => undefined,
  };
}

const rateOf = (done: number, startedAt: number): number =>
  Math.round((done * 1000) / Math.max(1, performance.now() - startedAt));
