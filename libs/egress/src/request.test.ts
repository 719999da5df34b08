import { type DnsTable, startDnsServer } from '@tocsin/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgress, type EgressOptions } from './create-egress.js';
import type { EgressRequest } from './egress.js';
import { egressPolicy } from './policy.js';
import {
  certificateAuthority,
  closedPort,
  type Issued,
  selfSigned,
  serveHttp,
  serveTcp,
} from './testing/index.js';

const egressWith = (options: EgressOptions = {}) =>
  createEgress(egressPolicy({ purpose: 'monitor', allow: ['127.0.0.0/8'], ownEndpoints: [] }), options);
const egress = egressWith();
const get = (url: string, more: Partial<EgressRequest> = {}) =>
  egress.request({ url, method: 'GET', timeoutMs: 5_000, ...more });

const opened: AsyncDisposable[] = [];
const use = async <T extends AsyncDisposable>(opening: Promise<T>): Promise<T> => {
  const thing = await opening;
  opened.push(thing);
  return thing;
};
const nameServer = async (table: DnsTable) => {
  const server = await startDnsServer(table);
  opened.push({ [Symbol.asyncDispose]: () => server.stop() });
  return server;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((thing) => thing[Symbol.asyncDispose]()));
});

describe('an exchange', () => {
  it('sends what was asked and tells what came back', async () => {
    const server = await use(
      serveHttp((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        request.on('end', () => {
          response.setHeader('set-cookie', ['a=1', 'b=2']);
          response.statusCode = 418;
          response.end(
            JSON.stringify({ method: request.method, url: request.url, body, headers: request.headers }),
          );
        });
      }),
    );
    const answer = await egress.request({
      url: `${server.url}/path?q=1#fragment`,
      method: 'post',
      headers: {
        'X-One': '1',
        Connection: 'upgrade',
        'Content-Length': '999',
        'transfer-encoding': 'chunked',
      },
      body: 'grüße',
      timeoutMs: 5_000,
    });
    expect(answer).toMatchObject({
      status: 418,
      headers: { 'set-cookie': 'a=1, b=2' },
      bodyTruncated: false,
      remoteAddress: '127.0.0.1',
      redirects: 0,
      url: `${server.url}/path?q=1#fragment`,
    });
    expect(JSON.parse(answer.body.toString())).toEqual({
      method: 'POST',
      url: '/path?q=1',
      body: 'grüße',
      headers: {
        'x-one': '1',
        host: `127.0.0.1:${server.port}`,
        connection: 'close',
        'content-length': String(Buffer.byteLength('grüße')),
      },
    });
    expect(answer.timings.dnsMs).toBeUndefined();
    expect(answer.timings.totalMs).toBeGreaterThanOrEqual(answer.timings.firstByteMs ?? Number.NaN);
  });
  it('finds names, and connects to a permitted address of several', async () => {
    const server = await use(serveHttp((request, response) => response.end(request.headers.host)));
    const dns = await nameServer({ 'www.test': { A: ['169.254.169.254', '127.0.0.1'] } });
    const answer = await egressWith({ dnsServers: [dns.server] }).request({
      url: `http://www.test:${server.port}/`,
      method: 'GET',
      timeoutMs: 5_000,
    });
    expect(answer).toMatchObject({ status: 200, remoteAddress: '127.0.0.1' });
    expect(answer.body.toString()).toBe(`www.test:${server.port}`);
    expect(answer.timings.dnsMs).toBeGreaterThan(0);
  });
  it('tries the next address when one refuses', async () => {
    const server = await use(serveHttp((_, response) => response.end(), { host: '127.0.0.1' }));
    const dns = await nameServer({ 'www.test': { A: ['127.0.0.3', '127.0.0.1'] } });
    const answer = await egressWith({ dnsServers: [dns.server] }).request({
      url: `http://www.test:${server.port}/`,
      method: 'GET',
      timeoutMs: 5_000,
    });
    expect(answer.remoteAddress).toBe('127.0.0.1');
  });
  it('reads localhost from the hosts file', async () => {
    const server = await use(serveHttp((_, response) => response.end('here')));
    expect((await get(`http://localhost:${server.port}/`)).body.toString()).toBe('here');
  });
});

describe('what fails has a name', () => {
  it.each([
    ['connection_refused', 'connect', async () => get(`http://127.0.0.1:${await closedPort()}/`)],
    ['invalid_request', 'headers', async () => get((await echo()).url, { headers: { 'x-a': 'b\r\nc: d' } })],
    ['invalid_request', 'policy', () => get('http://127.0.0.1/', { method: 'CONNECT' })],
    ['invalid_request', 'headers', async () => get((await echo()).url, { method: 'GET /x HTTP/1.1' })],
    ['connection_reset', 'headers', async () => get((await raw('')).url)],
    ['protocol_error', 'headers', async () => get((await raw('SSH-2.0-OpenSSH_9.2\r\n')).url)],
    [
      'connection_reset',
      'body',
      async () => get((await raw('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123')).url),
    ],
    [
      'protocol_error',
      'body',
      async () => get((await raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n')).url),
    ],
    [
      'protocol_error',
      'body',
      async () => get((await raw('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip at all')).url),
    ],
    ['header_overflow', 'headers', async () => get((await raw(flood(101, 8))).url)],
    ['header_overflow', 'headers', async () => get((await raw(flood(20, 2_000))).url)],
    ['header_overflow', 'headers', async () => get((await raw(flood(200_000, 8))).url)],
  ] as const)('%s while in %s', async (code, phase, asking) => {
    await expect(asking()).rejects.toMatchObject({ name: 'EgressError', code, phase });
  });
  it('accepts a hundred headers', async () => {
    expect((await get((await raw(flood(100, 8))).url)).status).toBe(200);
  });
  it('does not repeat queries or credentials in messages', async () => {
    const port = await closedPort();
    const asking = get(`http://127.0.0.1:${port}/secret-path?token=secret`, {
      headers: { authorization: 'secret' },
    });
    await expect(asking).rejects.toThrow(`127.0.0.1:${port}: the connection was refused`);
  });
  it('separates names that do not exist from name servers that do not answer', async () => {
    const dns = await nameServer({});
    const asking = (url: string) =>
      egressWith({ dnsServers: [dns.server] }).request({ url, method: 'GET', timeoutMs: 5_000 });
    await expect(asking('http://gone.test/')).rejects.toMatchObject({ code: 'dns_not_found', phase: 'dns' });
    dns.set('servfail');
    await expect(asking('http://broken.test/')).rejects.toMatchObject({ code: 'dns_failed', phase: 'dns' });
  });
});

describe('redirects', () => {
  it('are returned as they came unless asked for', async () => {
    const server = await use(redirecting('/next'));
    expect(await get(server.url)).toMatchObject({
      status: 302,
      headers: { location: '/next' },
      redirects: 0,
    });
  });
  it('are followed up to the limit', async () => {
    const server = await use(
      serveHttp((request, response) => {
        const left = Number((request.url ?? '').slice(1));
        if (left === 0) response.end('there');
        else response.writeHead(302, { location: `/${left - 1}` }).end();
      }),
    );
    const answer = await get(`${server.url}/5`, { maxRedirects: 5 });
    expect(answer).toMatchObject({ status: 200, redirects: 5, url: `${server.url}/0` });
    await expect(get(`${server.url}/6`, { maxRedirects: 5 })).rejects.toMatchObject({
      code: 'too_many_redirects',
    });
  });
  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'address_refused'],
    ['http://[::1]/', 'address_refused'],
    ['http://0x7f.1.test@169.254.169.254/', 'invalid_url'],
    ['file:///etc/passwd', 'scheme_refused'],
  ])('to %s: %s', async (location, code) => {
    const server = await use(redirecting(location));
    await expect(get(server.url, { maxRedirects: 5 })).rejects.toMatchObject({ code, phase: 'policy' });
  });
  it('leave credentials behind at another origin', async () => {
    const seen = await use(serveHttp((request, response) => response.end(JSON.stringify(request.headers))));
    const server = await use(redirecting(seen.url));
    const answer = await get(server.url, {
      maxRedirects: 1,
      headers: { authorization: 'a', cookie: 'b', 'x-api-key': 'c', accept: 'text/html' },
      secretHeaders: ['X-Api-Key'],
    });
    const headers = JSON.parse(answer.body.toString()) as Record<string, string>;
    expect(Object.keys(headers).toSorted()).toEqual(['accept', 'connection', 'host']);
  });
});

const DAY = 86_400_000;
const now = Date.now();
const authority = certificateAuthority('Tests', now - 100 * DAY, now + 100 * DAY);
const good = authority.issue({
  names: ['www.test', '127.0.0.1'],
  validFrom: now - DAY,
  validTo: now + 9.5 * DAY,
});

describe('TLS', () => {
  const trusting = egressWith({ certificateAuthorities: [authority.cert] });

  it('hands out the certificate that was verified', async () => {
    const server = await serve(good);
    const answer = await trusting.request({
      url: server.url,
      method: 'GET',
      timeoutMs: 5_000,
      collectCertificate: true,
    });
    expect(answer.certificate).toMatchObject({
      subject: 'CN=www.test',
      issuer: 'CN=Tests',
      altNames: ['www.test', '127.0.0.1'],
      validTo: new Date(Math.floor((now + 9.5 * DAY) / 1000) * 1000).toISOString(),
      authorized: true,
      authorizationError: undefined,
    });
    expect(answer.timings.tlsMs).toBeGreaterThan(0);
  });
  it.each([
    ['certificate_expired', { names: ['127.0.0.1'], validFrom: now - 9 * DAY, validTo: now - DAY }],
    ['certificate_not_yet_valid', { names: ['127.0.0.1'], validFrom: now + DAY, validTo: now + 9 * DAY }],
    ['name_mismatch', { names: ['other.test'], validFrom: now - DAY, validTo: now + DAY }],
  ])('refuses with %s and shows the certificate', async (reason, options) => {
    let requests = 0;
    const tls = authority.issue(options);
    const server = await use(serveHttp((_, response) => response.end(String(requests++)), { tls }));
    const asked = { url: server.url, method: 'GET', timeoutMs: 5_000 };
    await expect(trusting.request(asked)).rejects.toMatchObject({
      code: 'tls_failed',
      phase: 'tls',
      reason,
      certificate: { authorized: false, subject: `CN=${options.names[0]}` },
    });
    expect(requests).toBe(0);
    expect((await trusting.request({ ...asked, tlsVerify: false })).status).toBe(200);
  });
  it('tells self-signed from unknown authorities and from no TLS at all', async () => {
    const alone = await serve(selfSigned({ names: ['127.0.0.1'], validFrom: now - DAY, validTo: now + DAY }));
    await expect(get(alone.url)).rejects.toMatchObject({ code: 'tls_failed', reason: 'self_signed' });
    await expect(get((await serve(good)).url)).rejects.toMatchObject({
      code: 'tls_failed',
      reason: 'incomplete_chain',
    });
    const plain = await use(serveHttp((_, response) => response.end()));
    await expect(get(`https://127.0.0.1:${plain.port}/`)).rejects.toMatchObject({
      code: 'tls_failed',
      reason: 'handshake_failed',
    });
  });
  it('verifies the server name it was given instead of the host', async () => {
    const server = await serve(
      authority.issue({ names: ['inner.test'], validFrom: now - DAY, validTo: now + DAY }),
    );
    const asked = { url: server.url, method: 'GET', timeoutMs: 5_000 };
    expect((await trusting.request({ ...asked, servername: 'inner.test' })).status).toBe(200);
    await expect(trusting.request({ ...asked, servername: 'other.test' })).rejects.toMatchObject({
      reason: 'name_mismatch',
    });
  });
  it('does not follow a redirect from https to http', async () => {
    const server = await use(
      serveHttp((_, response) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end(), {
        tls: good,
      }),
    );
    const asked = { url: server.url, method: 'GET', timeoutMs: 5_000, maxRedirects: 5 };
    await expect(trusting.request(asked)).rejects.toMatchObject({ code: 'redirect_refused' });
  });
});

const serve = (tls: Issued) => use(serveHttp((_, response) => response.end('secret'), { tls }));
const echo = () => use(serveHttp((_, response) => response.end()));
const raw = (answer: string) =>
  use(
    serveTcp((socket) => {
      socket.once('data', () => socket.end(answer));
    }),
  );
const redirecting = (location: string) =>
  serveHttp((_, response) => {
    response.writeHead(302, { location }).end();
  });
const flood = (count: number, size: number) =>
  `HTTP/1.1 200 OK\r\n${Array.from({ length: count }, (_, i) => `x-${i}: ${'y'.repeat(size)}\r\n`).join('')}\r\n`;
