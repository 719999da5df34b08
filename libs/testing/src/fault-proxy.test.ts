import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Listening, listenOnLoopback } from './fakes/listen.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';

let server: Listening;
let proxy: FaultProxy;
beforeEach(async () => {
  server = await listenOnLoopback(createServer((socket) => socket.pipe(socket)));
  proxy = await startFaultProxy({ host: server.host, port: server.port });
});
afterEach(async () => {
  await proxy.close();
  await server.stop();
});

const dial = async () => {
  const socket = connect(proxy.port, proxy.host);
  await once(socket, 'connect');
  return socket;
};

it('passes bytes unchanged and in order, and lets each side end', async () => {
  const socket = await dial();
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251));
  const got: Promise<Buffer[]> = socket.toArray();
  socket.end(sent);
  expect(Buffer.concat(await got).equals(sent)).toBe(true);
});

it('delays, in both directions', async () => {
  const socket = await dial();
  proxy.delay(60);
  const started = performance.now();
  socket.write('a');
  await once(socket, 'data');
  expect(performance.now() - started).toBeGreaterThanOrEqual(110);
  socket.destroy();
});

it('is a black hole while stalled, and then passes what waited', async () => {
  const socket = await dial();
  proxy.stall();
  socket.write('waiting');
  const answer = once(socket, 'data') as Promise<[Buffer]>;
  const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 80, 'nothing'))]);
  expect(first).toBe('nothing');
  proxy.stall(false);
  expect(String((await answer)[0])).toBe('waiting');
  socket.destroy();
});

it('cuts what is open and takes the next', async () => {
  const socket = await dial();
  socket.write('a');
  await once(socket, 'data');
  const cut = once(socket, 'error');
  proxy.cut();
  expect(await cut).toMatchObject([{ code: 'ECONNRESET' }]);
  const next = await dial();
  next.write('b');
  expect(String((await once(next, 'data'))[0])).toBe('b');
  next.destroy();
});

it('is down until it is up', async () => {
  proxy.down();
  const socket = connect(proxy.port, proxy.host);
  await expect(once(socket, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
  proxy.up();
  const next = await dial();
  next.write('c');
  expect(String((await once(next, 'data'))[0])).toBe('c');
  next.destroy();
});
