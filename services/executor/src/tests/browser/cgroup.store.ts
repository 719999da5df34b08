import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAbandoned, ownTag } from './owner.process.js';

/** A group of processes that the kernel keeps together: nothing leaves it by forking, and it dies as one. */
export interface Cgroup {
  add(pid: number): void;
  pids(): readonly number[];
  /** @returns false where the kernel is older than 5.14 */
  kill(): boolean;
  /** the kernel ended one of them for taking too much memory */
  outOfMemory(): boolean;
  close(): Promise<void>;
}

const PREFIX = 'tocsin-test-';
let made = 0;

/**
 * Limits hold where their controllers were given to us (`Delegate=yes`, a container with a writable cgroup); the group
 * itself works everywhere a cgroup v2 is mounted and writable. undefined: nowhere here.
 */
export function openCgroup(limits: {
  readonly memoryBytes: number;
  readonly tasks: number;
}): Cgroup | undefined {
  const parent = ownCgroup();
  if (parent === undefined) return undefined;
  made += 1;
  const folder = join(parent, `${PREFIX}${ownTag()}-${made}`);
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  const set = (file: string, value: string): boolean => {
    try {
      writeFileSync(join(folder, file), value);
      return true;
    } catch {
      return false;
    }
  };
  const has = controllersOf(folder);
  if (has.has('memory')) {
    set('memory.max', String(limits.memoryBytes));
    set('memory.swap.max', '0');
  }
  if (has.has('pids')) set('pids.max', String(limits.tasks));
  return {
    add: (pid) => void set('cgroup.procs', String(pid)),
    pids: () => pidsOf(folder),
    kill: () => set('cgroup.kill', '1'),
    outOfMemory: () => /^oom_kill [1-9]/m.test(read(join(folder, 'memory.events'))),
    close: () => remove(folder),
  };
}

/** Ends what executors that were killed have left running. */
export async function clearAbandonedCgroups(): Promise<void> {
  const parent = ownCgroup();
  if (parent === undefined) return;
  for (const name of list(parent)) {
    if (!name.startsWith(PREFIX) || !isAbandoned(name.slice(PREFIX.length))) continue;
    try {
      writeFileSync(join(parent, name, 'cgroup.kill'), '1');
    } catch {
      // Gone, or a kernel that cannot: its user id tells what is left.
    }
    await remove(join(parent, name));
  }
}

function ownCgroup(): string | undefined {
  const mount = read('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[fields.indexOf('-') + 1] === 'cgroup2')?.[4];
  const path = /^0::(.*)$/m.exec(read('/proc/self/cgroup'))?.[1];
  return mount === undefined || path === undefined ? undefined : join(mount, path);
}

const controllersOf = (folder: string) => new Set(read(join(folder, 'cgroup.controllers')).trim().split(' '));

const pidsOf = (folder: string) =>
  read(join(folder, 'cgroup.procs'))
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);

/** It is empty a moment after the last process in it was killed. */
async function remove(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return;
      await sleep(25);
    }
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
