import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cgroup } from './cgroup.store.js';
import { startTicks } from './owner.process.js';
import { descendantsOf, isMarked, type Process, processes, processOf } from './proc.store.js';

/** All processes of one test, however they were forked. */
export interface Family {
  readonly members: () => readonly Process[];
  /** asks the process group to end */
  readonly ask: () => void;
  /** ends every one of them. @returns whether none is left */
  readonly end: () => Promise<boolean>;
}

export interface FamilyOptions {
  /** the first of them, leader of its group; not reaped while `isRunning` */
  readonly leader: number;
  readonly isRunning: () => boolean;
  /** of nobody else */
  readonly uid?: number | undefined;
  readonly cgroup?: Cgroup | undefined;
  /** see `isMarked` */
  readonly mark: number;
}

/** Some milliseconds are enough, unless hundreds of them are at work. */
const GONE_WITHIN_MS = 10_000;

export function createFamily({ leader, isRunning, uid, cgroup, mark }: FamilyOptions): Family {
  // Whoever forks and lets go is still a descendant of what was seen before.
  const known = new Map<number, number>();
  const remember = (pid: number) => {
    const ticks = startTicks(pid);
    if (ticks !== undefined) known.set(pid, ticks);
  };
  remember(leader);

  const related = (): readonly Process[] => {
    for (const [pid, ticks] of known) if (startTicks(pid) !== ticks) known.delete(pid);
    const all = processes();
    const found = descendantsOf(new Set(known.keys()), all);
    for (const { pid } of found) if (!known.has(pid)) remember(pid);
    return uid === undefined ? found : all.filter((process) => process.uid === uid || known.has(process.pid));
  };
  const members = () => {
    // Out of a cgroup that belongs to our own user a test could move.
    if (cgroup !== undefined && uid !== undefined) return cgroup.pids().flatMap(processOf);
    return unique([...(cgroup?.pids().flatMap(processOf) ?? []), ...related()]);
  };
  const everyone = () => {
    const found = new Map([...members(), ...related()].map((process) => [process.pid, process]));
    if (uid === undefined)
      for (const process of processes())
        if (!found.has(process.pid) && isMarked(process.pid, mark)) found.set(process.pid, process);
    return [...found.values()];
  };
  const signalGroup = (name: NodeJS.Signals) => {
    // Once the leader is reaped its number may be another's.
    if (isRunning()) signal(-leader, name);
  };

  return {
    members,
    ask: () => signalGroup('SIGTERM'),
    async end() {
      signalGroup('SIGKILL');
      cgroup?.kill();
      const deadline = performance.now() + GONE_WITHIN_MS;
      for (let left = everyone(); left.length > 0; left = everyone()) {
        if (performance.now() > deadline) return false;
        // Stopped first, so that none forks while the others are being ended.
        for (const { pid } of left) signal(pid, 'SIGSTOP');
        for (const { pid } of left) signal(pid, 'SIGKILL');
        if (uid !== undefined) await endAllOf(uid);
        await sleep(10);
      }
      return true;
    },
  };
}

const unique = (list: readonly Process[]) => [
  ...new Map(list.map((process) => [process.pid, process])).values(),
];

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone by itself.
  }
}

/** The kernel reaches all processes of a user at once, however fast they fork; asked by one of that user. */
export function endAllOf(uid: number): Promise<void> {
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', 'kill -KILL -1'],
      { uid, gid: uid, cwd: '/', env: {}, timeout: 5_000, killSignal: 'SIGKILL' },
      () => resolve(),
    );
  });
}
