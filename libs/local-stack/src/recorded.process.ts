import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isZombie, parseProcStat } from './proc-stat.js';

/** A pid file: the pid alone could by now belong to a stranger, with the start time it cannot. */
export interface RecordedProcess {
  pid: number;
  identity: string;
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/**
 * When the process started, as an opaque text; undefined when it does not run. A zombie does not run: where
 * process 1 reaps nobody, a SIGKILLed server stays one for ever and `kill(pid, 0)` keeps succeeding.
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !signalReaches(pid)) return undefined;
  if (process.platform === 'win32') return 'running';
  if (process.platform !== 'linux') return ps(pid, 'stat')?.startsWith('Z') ? undefined : ps(pid, 'lstart');
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (!stat || isZombie(stat)) return undefined;
    // Ticks count from boot: without the boot id a record from before a reboot could match.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${stat.startTicks}`;
  } catch {
    return undefined;
  }
}

/** The command line of a running process, arguments joined by spaces; undefined when it does not run. */
export function commandLine(pid: number): string | undefined {
  if (processIdentity(pid) === undefined) return undefined;
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux') return ps(pid, 'command');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
}

export function recordProcess(file: string, pid: number): void {
  const record: RecordedProcess = { pid, identity: processIdentity(pid) ?? 'gone' };
  writeFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** Removes the pid file unless it names a successor by now. */
export function forgetRecord(file: string, pid: number): void {
  try {
    if ((JSON.parse(readFileSync(file, 'utf8')) as RecordedProcess).pid === pid) rmSync(file);
  } catch {
    // gone with its folder, or cut short: nothing that could mislead a later start
  }
}

/** The recorded process if it still runs. */
export function readRecord(file: string): RecordedProcess | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as RecordedProcess;
    return processIdentity(record.pid) === record.identity ? record : undefined;
  } catch {
    return undefined; // no file, or one cut short by a crash: nothing to find there
  }
}

/** Ends a process that is not our child: `signal`, then SIGKILL after `graceMs`. Resolves when it is gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const identity = processIdentity(pid);
  const deadline = performance.now() + graceMs;
  const send = (which: NodeJS.Signals) => {
    try {
      process.kill(pid, which);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  if (identity === undefined) return;
  send(signal);
  for (let killed = false; processIdentity(pid) === identity; ) {
    if (!killed && performance.now() > deadline) {
      send('SIGKILL');
      killed = true;
    }
    await delay(10);
  }
}

/** Ends what a pid file of an earlier run still names; true if there was something to end. */
export async function endRecorded(file: string, signal: NodeJS.Signals, graceMs: number): Promise<boolean> {
  const record = readRecord(file);
  if (record) await endProcess(record.pid, signal, graceMs);
  rmSync(file, { force: true });
  return record !== undefined;
}
