import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SubscribeOptions } from './options.js';

export const folder = fileURLToPath(new URL('..', import.meta.url));
export const run = promisify(execFile);

/** What is published is what was built: the tests of it build it. */
export const build = () =>
  run(process.execPath, [`${folder}/../../node_modules/typescript/bin/tsc`, '-b', folder], { cwd: folder });

/** Beside us and not in our event loop: what it costs, it costs elsewhere. */
export async function subscriberProcess(options: SubscribeOptions, heard: string[]) {
  const child = spawn(process.execPath, [`${folder}/fixtures/subscriber.mjs`, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the subscriber ended (${code})`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve();
      else heard.push(line);
    });
  });
  return {
    async stop() {
      child.stdin.end();
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
