import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc has it; one that only waits to be reaped is none. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  /** resident, with what it shares */
  readonly rssBytes: number;
}

/** Empty where there is no /proc: such a machine has the limits that need none. */
export function processes(): readonly Process[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? processOf(Number(name)) : []));
  } catch {
    return [];
  }
}

const STATE = /^State:\s+(\S)/m;
const PARENT = /^PPid:\s+(\d+)/m;
const USER = /^Uid:\s+(\d+)/m;
const RESIDENT = /^VmRSS:\s+(\d+) kB/m;

/** Of `status` and not of the folder's owner: what made itself undumpable is shown as root's. */
export function processOf(pid: number): readonly Process[] {
  const status = read(`/proc/${pid}/status`);
  const state = STATE.exec(status)?.[1];
  if (state === undefined || state === 'Z' || state === 'X') return [];
  const number = (pattern: RegExp) => Number(pattern.exec(status)?.[1] ?? 0);
  return [{ pid, parent: number(PARENT), uid: number(USER), rssBytes: number(RESIDENT) * 1024 }];
}

/** Resident, what is shared divided among those who share it. */
export function pssBytes({ pid, rssBytes }: Process): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return pss === undefined ? rssBytes : Number(pss) * 1024;
}

/**
 * Whether a process, or one it comes from, was given this number as its limit of realtime. Nobody may schedule in realtime
 * here, so the number means nothing else; and unlike an environment it is not left behind by accident.
 */
export const isMarked = (pid: number, mark: number): boolean =>
  new RegExp(`^Max realtime timeout\\s+\\S+\\s+${mark}\\s`, 'm').test(read(`/proc/${pid}/limits`));

/** Days of it, in microseconds, and different for each test. */
export const newMark = (): number => 1e12 + randomInt(1e12);

export function descendantsOf(ancestors: ReadonlySet<number>, all: readonly Process[]): readonly Process[] {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found = new Map(all.filter(({ pid }) => ancestors.has(pid)).map((process) => [process.pid, process]));
  // A Map is walked in the order of insertion, what is added meanwhile included.
  for (const pid of found.keys())
    for (const child of children.get(pid) ?? []) if (!found.has(child.pid)) found.set(child.pid, child);
  return [...found.values()];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
