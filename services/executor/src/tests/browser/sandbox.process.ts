import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { type Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputSource } from '../test-runner.js';
import { openCgroup } from './cgroup.store.js';
import { type Command, envelope, GATE_FD, INFO_FD, type TestFolders } from './envelope.js';
import { createFamily, type Family } from './family.process.js';
import type { Identity, Machine } from './machine.process.js';
import { newMark } from './proc.store.js';
import type { Isolation, ScriptLimits } from './settings.js';
import { type Stop, watchFamily } from './watch.loop.js';

export interface SandboxInput {
  readonly isolation: Isolation;
  readonly machine: Machine;
  readonly identity: Identity | undefined;
  readonly folders: TestFolders;
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: ScriptLimits;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onOutput: (source: OutputSource, bytes: Buffer) => void;
}

export interface SandboxEnd {
  /** undefined: a signal ended it, or it did not start */
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** why we ended it */
  readonly stopped?: Stop | undefined;
  /** it could not be started at all */
  readonly failure?: string | undefined;
  /** something of it could not be ended */
  readonly survivors: boolean;
}

/** What a process is given to end by itself. */
const GRACE_MS = 2_000;
/** Checks are made by the same processors, and they are more urgent. */
const NICENESS = 2;

/** Runs a command within its bounds, and leaves nothing of it running. */
export async function runInSandbox(input: SandboxInput): Promise<SandboxEnd> {
  const { isolation, machine, identity, limits, timeoutMs, signal } = input;
  const mark = newMark();
  const cpuSeconds = Math.ceil(timeoutMs / 1_000) * 4 + 10;
  // The kernel counts the tasks of a user: of ours, it would count what else we run.
  const tasks = identity !== undefined || isolation === 'bubblewrap' ? limits.tasks : undefined;
  const { file, args } = envelope(isolation, input.command, {
    places: machine,
    folders: input.folders,
    limits: { ...limits, tasks, cpuSeconds, mark },
  });
  const child = spawn(file, args, {
    ...identity,
    cwd: isolation === 'plain' ? input.folders.work : '/',
    env: input.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(isolation === 'bubblewrap' ? (['pipe', 'pipe'] as const) : [])],
  });
  const ended = endOf(child);
  const { pid } = child;
  if (pid === undefined) return { ...(await ended), survivors: false };

  const cgroup = openCgroup(limits);
  const family = createFamily({
    leader: pid,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    uid: identity?.uid,
    cgroup,
    mark,
  });
  const adopt = (adopted: number) => {
    cgroup?.add(adopted);
    beExpendable(adopted);
  };
  adopt(pid);
  if (isolation === 'bubblewrap') void openGate(child, adopt);

  const watch = watchFamily({ family, cgroup, limits, timeoutMs, signal, folders: input.folders, identity });
  const reading = [
    read(child.stdout, (bytes) => watch.said(bytes.length) && input.onOutput('stdout', bytes)),
    read(child.stderr, (bytes) => watch.said(bytes.length) && input.onOutput('stderr', bytes)),
  ];
  const stop = await Promise.race([ended.then(() => undefined), watch.stopped]);
  watch.end();
  if (stop !== undefined) await endGently(family);
  const survivors = !(await family.end());
  const end = await Promise.race([ended, sleep(1_000).then(() => ({}))]);
  // What was inherited by something that could not be ended may stay open for ever.
  await Promise.race([Promise.all(reading), sleep(1_000)]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  const stopped = stop ?? (cgroup?.outOfMemory() === true ? 'memory_limit' : undefined);
  await cgroup?.close();
  return { ...end, stopped, survivors };
}

async function endGently(family: Family): Promise<void> {
  family.ask();
  const deadline = performance.now() + GRACE_MS;
  while (family.members().length > 0 && performance.now() < deadline) await sleep(25);
}

function endOf(child: ChildProcess): Promise<Pick<SandboxEnd, 'exitCode' | 'signal' | 'failure'>> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ failure: error.message }));
    child.once('exit', (code, signal) =>
      resolve({ exitCode: code ?? undefined, signal: signal ?? undefined }),
    );
  });
}

/** bubblewrap waits before it runs anything, so that what it runs is in its group from the first instruction on. */
async function openGate(child: ChildProcess, adopt: (pid: number) => void): Promise<void> {
  const gate = child.stdio[GATE_FD];
  gate?.on('error', () => undefined);
  const init = await initOf(child.stdio[INFO_FD] as Readable);
  if (init !== undefined) adopt(init);
  if (gate instanceof Writable) gate.end('go');
}

/** The first process inside, by the number it has outside. */
async function initOf(info: Readable): Promise<number | undefined> {
  let said = '';
  try {
    for await (const bytes of info) {
      said += String(bytes);
      if (said.includes('}')) break;
    }
  } catch {
    // It ended before it could say: its exit tells why.
  }
  const pid = /"child-pid":\s*(\d+)/.exec(said)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** When memory runs out, it goes first; when time does, others come first. */
function beExpendable(pid: number): void {
  for (const act of [
    () => writeFileSync(`/proc/${pid}/oom_score_adj`, '1000'),
    () => setPriority(pid, NICENESS),
  ])
    try {
      act();
    } catch {
      // Ended already, or no such file on this system.
    }
}

async function read(stream: Readable | null, on: (bytes: Buffer) => void): Promise<void> {
  stream?.on('data', on).on('error', () => undefined);
  if (stream !== null) await once(stream, 'close').catch(() => undefined);
}
