import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

export interface FullBacklog {
  readonly port: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and never accepts: once its queue is full, the kernel leaves connections unanswered.
 * @param atPort 0 for a free one
 */
export async function fullBacklog(atPort = 0): Promise<FullBacklog> {
  const worker = new Worker(
    `const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: ${atPort}, backlog: 1 }, () => {
       require('node:worker_threads').parentPort.postMessage(server.address().port);
       // The message is already on its way; from here on nobody accepts.
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = [];
  for (let i = 0; i < 4; i++) {
    const filler = connect({ host: '127.0.0.1', port });
    filler.on('error', () => undefined);
    fillers.push(filler);
    // The first ones connect, the last ones hang: both mean that the queue is as full as it gets.
    await Promise.race([once(filler, 'connect'), new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}
