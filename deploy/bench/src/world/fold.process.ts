import { type Folding, followFolding } from './checkpoint.store.js';
import type { ServiceName, Stack } from './stack.process.js';
import { type Memory, memoryOf, perUnit, type Reading, startMeter } from './usage.process.js';

export interface FoldRun extends Folding {
  /** from the start of the process to the last commit */
  readonly secondsFromStart: number;
  /** milliseconds of CPU per event, by process */
  readonly cpuMsPerEvent: Readonly<Record<string, number>>;
  readonly memory: Memory;
}

/** Starts a service on streams that are full and times it until it has folded them; stops it again. */
export async function timeFolding(
  stack: Stack,
  name: ServiceName,
  schema: string,
  last: number,
): Promise<FoldRun> {
  const startedAt = performance.now();
  const service = await stack.start(name);
  let read: (() => Reading) | undefined;
  const folding = await followFolding(stack.sql, schema, last, {
    onBegun: () => (read = startMeter(stack.pids())),
  });
  const run = {
    ...folding,
    secondsFromStart: (performance.now() - startedAt) / 1_000,
    cpuMsPerEvent: read === undefined ? {} : perUnit(read(), folding.events),
    memory: memoryOf(service.pid),
  };
  await service.stop();
  return run;
}

export const summary = ({ events, seconds, cpuMsPerEvent, memory }: FoldRun): string =>
  `${events} events in ${seconds.toFixed(1)} s; CPU per event ${Object.entries(cpuMsPerEvent)
    .map(([name, ms]) => `${name} ${(ms * 1_000).toFixed(0)} µs`)
    .join(', ')}; ${memory.residentMiB} MiB`;
