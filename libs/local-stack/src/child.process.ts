import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { forgetRecord, recordProcess } from './recorded.process.js';

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** file that names the process while it runs, so that the next start finds it should nobody end it */
  pidFile: string;
  /** stdout and stderr are appended here, by the process itself: it outlives us without a broken pipe */
  logFile?: string;
  /** or each is handed over here */
  onOutput?: (chunk: string) => void;
}

export interface ChildProcessHandle {
  pid: number;
  exited: Promise<ChildExit>;
  /** after `exited`, when its last output has been handed over */
  closed: Promise<void>;
  /** how it ended, once it has: an exit code or the name of a signal */
  ended: () => string | undefined;
  kill: (signal: NodeJS.Signals) => void;
  /** Sends `signal`, then SIGKILL after `graceMs`; resolves when the process is gone. */
  end: (signal: NodeJS.Signals, graceMs: number) => Promise<void>;
}

const alive = new Set<ChildProcess>();
// Whoever leaves by process.exit() without stopping its servers takes them along; only SIGKILL leaves orphans.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGTERM');
});

/** A child in its own process group: Ctrl-C in a terminal reaches us alone, and we stop the children in order. */
export async function startChild(options: ChildOptions): Promise<ChildProcessHandle> {
  const { command, args, env, cwd = '/', uid, gid, pidFile, logFile, onOutput } = options;
  const log = logFile === undefined ? undefined : openSync(logFile, 'a', 0o600);
  const output = log ?? (onOutput ? 'pipe' : 'ignore');
  const child = spawn(command, args, {
    env,
    cwd,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    detached: true,
    stdio: ['ignore', output, output],
  });
  if (log !== undefined) closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw await new Promise<Error>((resolve) => child.once('error', resolve));

  // Synchronously after spawn: a crash of ours before this line is the only way to lose track of the child.
  recordProcess(pidFile, pid);
  child.on('error', () => undefined); // a signal that came too late
  alive.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => onOutput?.(chunk));
  }
  let ended: string | undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = String(code ?? signal);
      alive.delete(child);
      forgetRecord(pidFile, pid);
      resolve({ code, signal });
    });
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  return {
    pid,
    exited,
    closed,
    ended: () => ended,
    kill,
    end: async (signal, graceMs) => {
      const timer = setTimeout(() => kill('SIGKILL'), graceMs);
      kill(signal);
      await exited;
      clearTimeout(timer);
    },
  };
}
