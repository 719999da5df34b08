import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Transform } from 'node:stream';
import {
  brotliCompressSync,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateSync,
  gzipSync,
} from 'node:zlib';
import { type DnsTable, startDnsServer } from '@tocsin/testing';
import { describe, expect, it } from 'vitest';
import { createEgress } from './create-egress.js';
import type { EgressError } from './egress-error.js';
import { egressPolicy } from './policy.js';
import { closedPort, fullBacklog, serveHttp, serveTcp } from './testing/index.js';

const policy = (ownEndpoints: { host: string; port: number }[] = [], allow = ['127.0.0.0/8']) =>
  egressPolicy({ purpose: 'monitor', allow, ownEndpoints });
const egress = createEgress(policy());
const MIB = 1024 * 1024;

const nameServer = async (table: DnsTable) => {
  const server = await startDnsServer(table);
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
};

/** Answers the first bytes that come with whatever the handler writes. */
const answering = (handler: (socket: Socket) => void) =>
  serveTcp((socket) => {
    socket.once('data', () => {
      handler(socket);
    });
  });

const endless = (compress: () => Transform) => (response: ServerResponse) => {
  const compressor = compress();
  const zeros = Buffer.alloc(MIB);
  compressor.pipe(response);
  const feed = () => {
    while (!response.destroyed && compressor.write(zeros));
  };
  compressor.on('drain', feed);
  feed();
};

const heldResources = () =>
  process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Timeout/.test(kind)).length;

const TIMEOUT = 300;
const timeoutIn = (phase: string) => ({ code: 'timeout', phase, inTime: true });

const asked = (url: string, maxRedirects = 0) => ({ url, method: 'GET', timeoutMs: TIMEOUT, maxRedirects });

async function endingOf(asking: () => Promise<unknown>) {
  const startedAt = performance.now();
  const error = await asking().then(
    () => undefined,
    (reason: EgressError) => reason,
  );
  const took = performance.now() - startedAt;
  return { code: error?.code, phase: error?.phase, inTime: took > TIMEOUT - 5 && took < TIMEOUT + 250 };
}

describe('the deadline holds when', () => {
  it('the name servers are silent', async () => {
    await using dns = await nameServer({});
    dns.set('silent');
    const deaf = createEgress(policy(), { dnsServers: [dns.server] });
    expect(await endingOf(() => deaf.request(asked('http://www.test/')))).toEqual(timeoutIn('dns'));
    expect(await endingOf(() => deaf.connect({ host: 'www.test', port: 80, timeoutMs: TIMEOUT }))).toEqual(
      timeoutIn('dns'),
    );
    expect(await endingOf(() => deaf.resolve('www.test', { timeoutMs: TIMEOUT }))).toEqual(timeoutIn('dns'));
  });
  it('nobody accepts', async () => {
    await using server = await fullBacklog();
    expect(await endingOf(() => egress.request(asked(`http://127.0.0.1:${server.port}/`)))).toEqual(
      timeoutIn('connect'),
    );
    expect(
      await endingOf(() => egress.connect({ host: '127.0.0.1', port: server.port, timeoutMs: TIMEOUT })),
    ).toEqual(timeoutIn('connect'));
  });
  it('the handshake is not answered', async () => {
    await using server = await serveTcp(() => undefined);
    expect(await endingOf(() => egress.request(asked(`https://127.0.0.1:${server.port}/`)))).toEqual(
      timeoutIn('tls'),
    );
  });
  it('no headers come, or one byte at a time', async () => {
    await using mute = await serveTcp(() => undefined);
    expect(await endingOf(() => egress.request(asked(mute.url)))).toEqual(timeoutIn('headers'));
    await using drip = await answering((socket) => {
      const text = `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(10_000)}`;
      let at = 0;
      const timer = setInterval(() => socket.write(text[at++] ?? 'y'), 10);
      socket.on('close', () => {
        clearInterval(timer);
      });
    });
    expect(await endingOf(() => egress.request(asked(drip.url)))).toEqual(timeoutIn('headers'));
  });
  it('the body stops, or never does', async () => {
    await using stops = await answering((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345'),
    );
    expect(await endingOf(() => egress.request(asked(stops.url)))).toEqual(timeoutIn('body'));
    await using drips = await answering((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const timer = setInterval(() => socket.write('1\r\nx\r\n'), 10);
      socket.on('close', () => {
        clearInterval(timer);
      });
    });
    expect(await endingOf(() => egress.request(asked(drips.url)))).toEqual(timeoutIn('body'));
  });
  it('redirects lead round in circles', async () => {
    await using server = await serveHttp((_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 50);
    });
    expect(await endingOf(() => egress.request(asked(server.url, 1_000)))).toEqual(timeoutIn('headers'));
  });
  it('and a caller can stop before it', async () => {
    await using server = await serveTcp(() => undefined);
    const stop = new AbortController();
    const asking = egress.request({ ...asked(server.url), timeoutMs: 60_000, signal: stop.signal });
    setTimeout(() => {
      stop.abort();
    }, 20);
    await expect(asking).rejects.toMatchObject({ code: 'aborted', phase: 'headers' });
    await expect(egress.request({ ...asked(server.url), signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('bodies', () => {
  const text = Buffer.from('hello '.repeat(1_000));
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', text],
    ['of-the-future', text],
  ])('of %s come out decompressed', async (encoding, body) => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    const answer = await egress.request({ url: server.url, method: 'GET', timeoutMs: 5_000 });
    expect(answer.body.equals(text)).toBe(true);
    expect(answer.bodyTruncated).toBe(false);
  });
  it('nested three times are refused', async () => {
    await using server = await serveHttp((_, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip, gzip, gzip' })
        .end(gzipSync(gzipSync(gzipSync(text))));
    });
    const asking = egress.request({ url: server.url, method: 'GET', timeoutMs: 5_000 });
    await expect(asking).rejects.toMatchObject({ code: 'protocol_error', phase: 'body' });
  });
  it('end exactly at the limit without being cut', async () => {
    await using server = await serveHttp((_, response) => response.end(text));
    const ask = (maxBodyBytes: number) =>
      egress.request({ url: server.url, method: 'GET', timeoutMs: 5_000, maxBodyBytes });
    expect(await ask(text.length)).toMatchObject({ bodyTruncated: false });
    const cut = await ask(text.length - 1);
    expect(cut.bodyTruncated).toBe(true);
    expect(cut.body).toHaveLength(text.length - 1);
  });

  it.each([
    ['gzip', endless(createGzip)],
    ['deflate', endless(createDeflate)],
    ['br', endless(createBrotliCompress)],
    ['gzip, gzip', (response: ServerResponse) => response.end(gzipSync(gzipSync(Buffer.alloc(64 * MIB))))],
  ])('that are a bomb in %s are cut at one MiB', async (encoding, pour) => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      pour(response);
    });
    const answer = await egress.request({ url: server.url, method: 'GET', timeoutMs: 10_000 });
    expect(answer.bodyTruncated).toBe(true);
    expect(answer.body).toHaveLength(MIB);
  });
});

describe('a name that changes its mind', () => {
  it('never leads to another address than the one judged, 1,000 times of 1,000', async () => {
    await using dns = await nameServer({});
    await using open = await serveHttp((_, response) => response.end('open'));
    await using secret = await serveHttp((_, response) => response.end('secret'), {
      host: '127.0.0.2',
      port: open.port,
    });
    const careful = createEgress(policy([], ['127.0.0.1/32']), { dnsServers: [dns.server] });
    const seen = new Map<string, number>();
    for (let i = 0; i < 1_000; i++) {
      dns.setTable({ 'rebind.test': { A: [i % 2 === 0 ? '127.0.0.1' : '127.0.0.2'] } });
      const result = await careful
        .request({ url: `http://rebind.test:${open.port}/`, method: 'GET', timeoutMs: 5_000 })
        .then(
          ({ remoteAddress, body }) => `${remoteAddress} ${body.toString()}`,
          (error: EgressError) => error.code,
        );
      seen.set(result, (seen.get(result) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({ '127.0.0.1 open': 500, address_refused: 500 });
    expect(secret.connections()).toBe(0);
  });
});

describe("the platform's own endpoints", () => {
  it('are refused under every address of theirs, and their neighbours are not', async () => {
    await using own = await serveTcp(() => undefined);
    await using neighbour = await serveTcp((socket) => socket.end());
    await using dns = await nameServer({
      'x.test': { A: ['127.0.0.1'] },
      localhost: { A: ['127.0.0.1'] },
    });
    const allow = ['127.0.0.0/8', '0.0.0.0/8', '::/128', '::1', '64:ff9b::/96'];
    for (const ownHost of ['127.0.0.1', 'localhost', '::1']) {
      const guarded = createEgress(policy([{ host: ownHost, port: own.port }], allow), {
        dnsServers: [dns.server],
      });
      const to = (host: string, port: number) => guarded.connect({ host, port, timeoutMs: 2_000 });
      for (const host of [
        '127.0.0.1',
        '127.0.0.2',
        '0',
        '::1',
        '::ffff:127.0.0.1',
        '64:ff9b::7f00:1',
        'localhost',
        'x.test',
      ])
        await expect(to(host, own.port)).rejects.toMatchObject({
          code: 'address_refused',
          reason: 'own_endpoint',
        });
      const { socket } = await to('127.0.0.1', neighbour.port);
      socket.destroy();
      expect(() => {
        guarded.checkAddress('127.0.0.1', own.port);
      }).toThrow(/own endpoints/);
      guarded.checkAddress('127.0.0.1', neighbour.port);
    }
    expect(own.connections()).toBe(0);
  });
});

it('leaves no socket and no timer behind, however a request ends', async () => {
  await using good = await serveHttp((_, response) => response.end('fine'));
  await using mute = await serveTcp(() => undefined);
  await using big = await serveHttp((_, response) => response.end(Buffer.alloc(100_000)));
  await using loop = await serveHttp((_, response) => response.writeHead(302, { location: '/' }).end());
  const refused = await closedPort();
  const before = heldResources();
  const endings = [
    () => egress.request({ url: good.url, method: 'GET', timeoutMs: 5_000 }),
    () => egress.request({ url: mute.url, method: 'GET', timeoutMs: 50 }),
    () => egress.request({ url: `https://127.0.0.1:${mute.port}/`, method: 'GET', timeoutMs: 50 }),
    () => egress.request({ url: `https://127.0.0.1:${good.port}/`, method: 'GET', timeoutMs: 5_000 }),
    () => egress.request({ url: big.url, method: 'GET', timeoutMs: 5_000, maxBodyBytes: 10 }),
    () => egress.request({ url: loop.url, method: 'GET', timeoutMs: 5_000, maxRedirects: 3 }),
    () => egress.request({ url: `http://127.0.0.1:${refused}/`, method: 'GET', timeoutMs: 5_000 }),
  ];
  for (let round = 0; round < 60; round++) await Promise.allSettled(endings.map((ask) => ask()));
  await expect.poll(heldResources, { timeout: 5_000 }).toBeLessThanOrEqual(before);
});
