import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { portCheckConfig } from '@tocsin/contracts';
import { createEgress, egressPolicy } from '@tocsin/egress';
import { closedPort, fullBacklog, serveTcp } from '@tocsin/egress/testing';
import { startDnsServer } from '@tocsin/testing';
import { describe, expect, it } from 'vitest';
import { attempt, loopbackEgress } from '../testing.js';
import { portCheckProbe } from './port-check.probe.js';

const check = attempt(portCheckProbe, portCheckConfig);

async function udpServer(answers: boolean) {
  const socket = createSocket('udp4');
  if (answers) socket.on('message', (message, from) => socket.send(message, from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        socket.close(resolve);
      }),
  };
}
async function closedUdpPort(): Promise<number> {
  await using server = await udpServer(false);
  return server.port;
}

describe('a TCP port', () => {
  it('that accepts is up, and down where it should be closed', async () => {
    await using server = await serveTcp((socket) => socket.end());
    const { port } = server;
    expect(await check('127.0.0.1', { port })).toMatchObject({
      outcome: 'up',
      observed: { protocol: 'tcp', port, open: true, remoteAddress: '127.0.0.1' },
    });
    expect(await check('127.0.0.1', { port, expectClosed: true })).toMatchObject({
      outcome: 'down',
      error: { code: 'port_open' },
    });
  });
  it('that refuses is down, and up where it should be closed', async () => {
    const port = await closedPort();
    await expect(check('127.0.0.1', { port })).rejects.toMatchObject({ code: 'connection_refused' });
    expect(await check('127.0.0.1', { port, expectClosed: true })).toMatchObject({
      outcome: 'up',
      observed: { open: false, closedBy: 'connection_refused' },
    });
  });
  it('that is silent is down, and up where it should be closed', async () => {
    await using server = await fullBacklog();
    const { port } = server;
    await expect(check('127.0.0.1', { port }, 200)).rejects.toMatchObject({ code: 'timeout' });
    expect(await check('127.0.0.1', { port, expectClosed: true }, 200)).toMatchObject({
      outcome: 'up',
      observed: { closedBy: 'timeout' },
    });
  });
  it('of a name that does not exist, or that we may not see, is not closed', async () => {
    const dns = await startDnsServer({});
    const named = attempt(portCheckProbe, portCheckConfig, loopbackEgress({ dnsServers: [dns.server] }));
    const config = { port: 80, expectClosed: true };
    await expect(named('gone.test', config)).rejects.toMatchObject({ code: 'dns_not_found' });
    await expect(named('169.254.169.254', config)).rejects.toMatchObject({ code: 'address_refused' });
    dns.set('silent');
    await expect(named('gone.test', config, 200)).rejects.toMatchObject({ code: 'timeout', phase: 'dns' });
    await dns.stop();
  });
});

describe('a UDP port', () => {
  it.each([
    [true, 'reply'],
    [false, 'silence'],
  ])('where somebody listens is up (answers: %s)', async (answers, answer) => {
    await using server = await udpServer(answers);
    const { port } = server;
    expect(await check('127.0.0.1', { port, protocol: 'udp' })).toMatchObject({
      outcome: 'up',
      observed: { protocol: 'udp', port, open: true, answer },
    });
    expect(await check('127.0.0.1', { port, protocol: 'udp', expectClosed: true })).toMatchObject({
      outcome: 'down',
      error: { code: 'port_open' },
    });
  });
  it('where nobody listens is down, by the ICMP answer', async () => {
    const port = await closedUdpPort();
    expect(await check('127.0.0.1', { port, protocol: 'udp' })).toMatchObject({
      outcome: 'down',
      error: { code: 'port_unreachable' },
      observed: { open: false, answer: 'unreachable' },
    });
    expect(await check('127.0.0.1', { port, protocol: 'udp', expectClosed: true })).toMatchObject({
      outcome: 'up',
    });
  });
  it("gets no datagram where the policy says no, the platform's own ports included", async () => {
    await using server = await udpServer(true);
    const { port } = server;
    const own = [{ host: '127.0.0.1', port }];
    const guarded = createEgress(
      egressPolicy({ purpose: 'monitor', allow: ['127.0.0.0/8'], ownEndpoints: own }),
    );
    const closed = createEgress(egressPolicy({ purpose: 'monitor', allow: [], ownEndpoints: [] }));
    for (const egress of [guarded, closed]) {
      const asking = attempt(portCheckProbe, portCheckConfig, egress)('127.0.0.1', { port, protocol: 'udp' });
      await expect(asking).rejects.toMatchObject({ code: 'address_refused' });
    }
  });
});
