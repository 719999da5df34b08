import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pingHostConfig } from '@tocsin/contracts';
import { closedPort, fullBacklog, serveTcp } from '@tocsin/egress/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { attempt } from '../testing.js';
import { pingProcess } from './ping.process.js';
import { pingHostProbe } from './ping-host.probe.js';

const bins: string[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(bins.splice(0).map((bin) => rm(bin, { recursive: true, force: true })));
});

/** Puts a `ping` of ours first in the path, or leaves the path without any. */
async function installPing(script?: string): Promise<string> {
  const bin = await mkdtemp(path.join(tmpdir(), 'ping-'));
  bins.push(bin);
  if (script !== undefined) {
    await writeFile(path.join(bin, 'ping'), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(bin, 'ping'), 0o755);
  }
  vi.stubEnv('PATH', bin);
  return bin;
}
const check = () => attempt(pingHostProbe(pingProcess), pingHostConfig);
const says = (sent: number, received: number) =>
  `echo "${sent} packets transmitted, ${received} received"; echo "rtt min/avg/max/mdev = 1.0/2.5/4.0/0.1 ms"`;

describe('a ping over ICMP', () => {
  it('takes the round trip for its time', async () => {
    await installPing(says(1, 1));
    expect(await check()('127.0.0.1')).toMatchObject({
      outcome: 'up',
      timings: { totalMs: 2.5 },
      observed: { via: 'icmp', remoteAddress: '127.0.0.1', packetsSent: 1, packetsReceived: 1 },
    });
  });
  it('hands the program an address after --, and nothing of the target', async () => {
    const bin = await installPing(`printf '%s ' "$@" > "$0.args"; ${says(2, 2)}`);
    await check()('0x7f.1', { count: 2, method: 'icmp' });
    expect((await readFile(path.join(bin, 'ping.args'), 'utf8')).trim()).toBe(
      '-n -q -c 2 -i 0.5 -- 127.0.0.1',
    );
  });
  it('is degraded when some are lost and down when all are', async () => {
    await installPing(says(3, 2));
    expect(await check()('127.0.0.1')).toMatchObject({ outcome: 'degraded', error: { code: 'packet_loss' } });
    await installPing('echo "3 packets transmitted, 0 received"; exit 1');
    expect(await check()('127.0.0.1', { method: 'icmp' })).toMatchObject({
      outcome: 'down',
      error: { code: 'no_reply' },
    });
  });
  it('stops a ping that does not end, and counts what it says when interrupted', async () => {
    await installPing(`trap '${says(1, 0)}; exit 1' INT; while :; do :; done`);
    const startedAt = performance.now();
    expect(await check()('127.0.0.1', { method: 'icmp' }, 300)).toMatchObject({ outcome: 'down' });
    expect(performance.now() - startedAt).toBeLessThan(550);
  });
  it('never pings an address the policy refuses', async () => {
    const bin = await installPing(`touch "$0.ran"; ${says(1, 1)}`);
    await expect(check()('169.254.169.254')).rejects.toMatchObject({ code: 'address_refused' });
    await expect(access(path.join(bin, 'ping.ran'))).rejects.toThrow('ENOENT');
  });
  it.each([
    ['connecting', 'echo "ping: connect: Network is unreachable" >&2; exit 2'],
    [
      'sending',
      'echo "ping: sendmsg: Network is unreachable" >&2; echo "1 packets transmitted, 0 received"; exit 1',
    ],
  ])('is our trouble when there is no route for %s', async (_, script) => {
    await installPing(script);
    await expect(check()('127.0.0.1')).rejects.toMatchObject({ code: 'network_unreachable' });
  });
  it.each(['-f', '127.0.0.1; id', '$(id)', '127.0.0.1\n-f', '::1%lo', 'localhost', ''])(
    'is not started with %j',
    (address) => {
      const { signal } = new AbortController();
      expect(() => pingProcess(address, { count: 1, timeoutMs: 100, signal })).toThrow(TypeError);
    },
  );
});

describe('a ping where ICMP is not to be had', () => {
  it.each([
    ['there is no ping', undefined],
    ['it is not permitted', 'echo "ping: socktype: SOCK_RAW; Operation not permitted" >&2; exit 2'],
  ])('because %s says so, or tries TCP', async (_, script) => {
    await installPing(script);
    await using server = await serveTcp((socket) => socket.end());
    expect(await check()('127.0.0.1', { method: 'icmp' })).toMatchObject({
      outcome: 'error',
      error: { code: 'icmp_unavailable' },
    });
    expect(await check()('127.0.0.1', { ports: [server.port] })).toMatchObject({
      outcome: 'up',
      observed: { via: 'tcp', port: server.port, portOpen: true },
    });
  });
  it('asks for it once, not at every check', async () => {
    const bin = await installPing('echo x >> "$0.runs"; echo "Operation not permitted" >&2; exit 2');
    await using server = await serveTcp((socket) => socket.end());
    const ping = check();
    for (let i = 0; i < 3; i++) await ping('127.0.0.1', { ports: [server.port] });
    expect(await readFile(path.join(bin, 'ping.runs'), 'utf8')).toBe('x\n');
  });
});

describe('a ping over TCP', () => {
  it('takes a refusal for a sign of life', async () => {
    const port = await closedPort();
    expect(await check()('127.0.0.1', { method: 'tcp', ports: [port] })).toMatchObject({
      outcome: 'up',
      observed: { via: 'tcp', port, portOpen: false },
    });
  });
  it('needs one port that answers', async () => {
    await using silent = await fullBacklog();
    await using server = await serveTcp((socket) => socket.end());
    const startedAt = performance.now();
    expect(await check()('127.0.0.1', { method: 'tcp', ports: [silent.port, server.port] })).toMatchObject({
      outcome: 'up',
      observed: { port: server.port },
    });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await expect(check()('127.0.0.1', { method: 'tcp', ports: [silent.port] }, 200)).rejects.toMatchObject({
      code: 'timeout',
    });
  });
  it('comes after an ICMP nobody answered', async () => {
    await installPing('echo "1 packets transmitted, 0 received"; exit 1');
    await using server = await serveTcp((socket) => socket.end());
    expect(await check()('127.0.0.1', { ports: [server.port] })).toMatchObject({
      outcome: 'up',
      observed: { via: 'tcp' },
    });
  });
});
