import { readFileSync } from 'node:fs';

/** USER_HZ: 100 on every Linux that Node runs on. */
const TICK_MS = 10;

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Everything after the command in brackets, which may itself hold spaces and brackets. */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

const ticks = (fields: readonly string[], ...at: number[]): number =>
  at.reduce((sum, index) => sum + Number(fields[index] ?? 0), 0) * TICK_MS;

/** User and system time of a process so far, all its threads, milliseconds. */
const ownCpuMs = (pid: number): number => ticks(statOf(pid), 11, 12);

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);

/** With its children, those that have ended included: a Postgres is a process per connection. */
export function cpuMsOf(pid: number): number {
  const fields = statOf(pid);
  const children = childrenOf(pid).reduce((sum, child) => sum + ownCpuMs(child), 0);
  return ticks(fields, 11, 12, 13, 14) + children;
}

export interface Memory {
  readonly residentMiB: number;
  readonly peakMiB: number;
}

export function memoryOf(pid: number): Memory {
  const status = read(`/proc/${pid}/status`);
  const mib = (field: string) =>
    Math.round((Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024) * 10) / 10;
  return { residentMiB: mib('VmRSS'), peakMiB: mib('VmHWM') };
}

export interface Reading {
  readonly seconds: number;
  /** by process */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly totalCpuMs: number;
}

/** @returns what the processes have used since, each time it is called */
export function startMeter(pids: Readonly<Record<string, number>>): () => Reading {
  const now = () => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMsOf(pid)]));
  const [before, startedAt] = [now(), performance.now()];
  return () => {
    const after = now();
    const cpuMs = Object.fromEntries(
      Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]),
    );
    const totalCpuMs = Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
    return { seconds: (performance.now() - startedAt) / 1_000, cpuMs, totalCpuMs };
  };
}

/** Milliseconds of CPU per unit of work, by process. */
export const perUnit = ({ cpuMs }: Reading, units: number): Record<string, number> =>
  Object.fromEntries(Object.entries(cpuMs).map(([name, ms]) => [name, Math.round((ms / units) * 1e4) / 1e4]));
