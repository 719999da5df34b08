import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { listenOnLoopback } from './fakes/listen.js';

export interface FaultProxy {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Holds every chunk back this many milliseconds in each direction; 0 for none. */
  delay(ms: number): void;
  /** Keeps connections open and lets nothing through: a black hole. What waited passes when it ends. */
  stall(on?: boolean): void;
  /** Resets the open connections; new ones are welcome. */
  cut(): void;
  /** Resets the open connections and every new one until `up`. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

/** A TCP proxy on loopback that misbehaves on command, between a client and a real server. */
export async function startFaultProxy(target: NetConnectOpts, port = 0): Promise<FaultProxy> {
  let delayMs = 0;
  let isDown = false;
  let passage = Promise.resolve();
  let release: (() => void) | undefined;
  const upstreams = new Set<Socket>();

  const pump = async (from: Socket, to: Socket) => {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (delayMs > 0) await after(delayMs, undefined, { ref: false });
      await passage;
      if (to.destroyed) return;
      if (!to.write(chunk)) await once(to, 'drain');
    }
    await passage;
    to.end();
  };

  // Half-open, so that a client that says goodbye first still gets the rest of its answer.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isDown) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ ...target, allowHalfOpen: true });
    upstreams.add(upstream);
    const abort = () => {
      upstreams.delete(upstream);
      if (!client.destroyed) client.resetAndDestroy();
      if (!upstream.destroyed) upstream.resetAndDestroy();
    };
    upstream.on('error', abort).on('close', () => upstreams.delete(upstream));
    client.on('error', abort);
    pump(client, upstream).catch(abort);
    pump(upstream, client).catch(abort);
  });
  const listening = await listenOnLoopback(server, port);

  const cut = () => {
    listening.cut();
    for (const upstream of upstreams) upstream.resetAndDestroy();
  };
  const stall = (on = true) => {
    if (on === (release !== undefined)) return;
    if (on) {
      passage = new Promise((resolve) => {
        release = resolve;
      });
    } else {
      release?.();
      release = undefined;
    }
  };
  return {
    host: listening.host,
    port: listening.port,
    delay: (ms) => {
      delayMs = ms;
    },
    stall,
    cut,
    down: () => {
      isDown = true;
      cut();
    },
    up: () => {
      isDown = false;
    },
    close: async () => {
      stall(false);
      cut();
      await listening.stop();
    },
  };
}
