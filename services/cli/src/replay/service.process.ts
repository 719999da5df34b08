import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';

export interface ServiceRun {
  readonly service: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** what it answers */
  readonly write: (text: string) => void;
  /** asks it to stop */
  readonly signal: AbortSignal;
}

/** The fold is the service's own: it is run as the program that it is, which is beside this one wherever both are installed. */
export async function runService({ service, args, env, write, signal }: ServiceRun): Promise<number> {
  const main = fileURLToPath(new URL(`../../../${service}/dist/main.js`, import.meta.url));
  if (!existsSync(main))
    throw new CommandError(
      `${service} is not here (${main}): run this where Tocsin is installed and built`,
      EXIT.unavailable,
    );
  const child = spawn(process.execPath, ['--enable-source-maps', '--max-semi-space-size=16', main, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  try {
    child.stdout.setEncoding('utf8').on('data', write);
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? EXIT.unavailable;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
