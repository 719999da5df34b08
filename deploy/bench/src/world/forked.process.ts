import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Received } from '../forked/sink.js';
import { stoppable } from './cleanup.js';

const program = (name: string) => fileURLToPath(new URL(`../forked/${name}.js`, import.meta.url));

function start(name: string, args: readonly string[] = []) {
  const child = fork(program(name), [...args]);
  const stop = stoppable(async () => {
    if (child.connected) child.disconnect();
    if (child.exitCode === null) await once(child, 'exit');
  });
  return { child, stop };
}

/** The thing that is checked. */
export async function startTarget(): Promise<{ port: number; stop: () => Promise<void> }> {
  const { child, stop } = start('target');
  const [port] = (await once(child, 'message')) as [number];
  return { port, stop };
}

/** The one who is told. */
export async function startSink(): Promise<{
  url: string;
  /** what came since it was last asked */
  take: () => Promise<Received[]>;
  stop: () => Promise<void>;
}> {
  const { child, stop } = start('sink');
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}/in`,
    take: async () => {
      child.send('tell');
      const [received] = (await once(child, 'message')) as [Received[]];
      return received;
    },
    stop,
  };
}

export interface RawClient {
  readonly perSecond: number;
  /** of the client's process, per request */
  readonly cpuMs: number;
}

export async function rawClient(port: number, checks: number, concurrency: number): Promise<RawClient> {
  const { child, stop } = start('raw-client', [String(port), String(checks), String(concurrency)]);
  const [result] = (await once(child, 'message')) as [RawClient];
  await stop();
  return result;
}
