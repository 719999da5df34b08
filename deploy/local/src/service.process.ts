import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { startChild } from '@tocsin/local-stack';
import { type Kept, keepRunning, type Launched } from './keep-running.process.js';
import { isForConsole, lineSplitter } from './log-line.js';

/**
 * The young generation would grow to 128 MiB in each of six processes, the old one to several times what is in it. Bounded
 * like this the whole takes a third of the memory, and costs no throughput that could be measured. The Dockerfile says the
 * same.
 */
export const NODE_ARGS = ['--enable-source-maps', '--max-semi-space-size=4', '--heap-growing-percent=25'];

const rotateAtBytes = 10 * 1024 ** 2;

export interface ServiceOptions {
  name: string;
  entry: string;
  port: number;
  env: Record<string, string>;
  dataDir: string;
  consoleLevel: string;
  log: (line: string) => void;
}

export interface Service extends Kept {
  name: string;
  port: number;
}

/** A log that has grown large makes room on start; one generation is kept. */
function rotate(file: string): void {
  if (existsSync(file) && statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`);
}

export const pidFileOf = (dataDir: string, name: string) => path.join(dataDir, 'run', `${name}.json`);

/** A service as its own process: all it says goes to its log file, what matters also to the console. */
export function serviceProcess({
  name,
  entry,
  port,
  env,
  dataDir,
  consoleLevel,
  log,
}: ServiceOptions): Service {
  const logFile = path.join(dataDir, 'logs', `${name}.log`);
  rotate(logFile);
  const launch = async (): Promise<Launched> => {
    const file = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    file.on('error', (error) => log(`${name}: its log cannot be written: ${error.message}`));
    const onLine = lineSplitter((line) => {
      if (isForConsole(line, consoleLevel)) log(`${name} | ${line}`);
    });
    const child = await startChild({
      command: process.execPath,
      args: [...NODE_ARGS, entry],
      env,
      cwd: dataDir,
      pidFile: pidFileOf(dataDir, name),
      onOutput: (chunk) => {
        file.write(chunk);
        onLine(chunk);
      },
    });
    void child.closed.then(() => file.end());
    return { pid: child.pid, exited: child.exited, stop: (graceMs) => child.end('SIGTERM', graceMs) };
  };
  return Object.assign(keepRunning(name, launch, log), { name, port });
}
