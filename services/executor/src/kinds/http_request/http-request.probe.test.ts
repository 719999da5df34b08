import { httpRequestConfig } from '@tocsin/contracts';
import { closedPort, serveHttp } from '@tocsin/egress/testing';
import { describe, expect, it } from 'vitest';
import { attempt } from '../testing.js';
import { httpRequestProbe } from './http-request.probe.js';

const check = attempt(httpRequestProbe, httpRequestConfig);

/** Answers with the request as JSON. */
const mirror = () =>
  serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      response.end(JSON.stringify({ method: request.method, headers: request.headers, body }));
    });
  });

describe('an HTTP check', () => {
  it('tells what it saw of a server that is up', async () => {
    await using server = await serveHttp((_, response) => response.end('fine'));
    expect(await check(server.url)).toEqual({
      outcome: 'up',
      timings: {
        connectMs: expect.any(Number),
        firstByteMs: expect.any(Number),
        totalMs: expect.any(Number),
      },
      observed: {
        statusCode: 200,
        remoteAddress: '127.0.0.1',
        bodyBytes: 4,
        bodyTruncated: false,
        redirects: 0,
      },
    });
  });
  it.each([
    ['who it is', {}, '$.headers["user-agent"]', 'Tocsin-Monitor/1.0'],
    ['the user agent it is told', { headers: { 'User-Agent': 'x' } }, '$.headers["user-agent"]', 'x'],
    ['the method', { method: 'DELETE' }, '$.method', 'DELETE'],
    [
      'basic credentials',
      { auth: { type: 'basic', username: 'a', password: 'ö' } },
      '$.headers.authorization',
      'Basic YTrDtg==',
    ],
    ['a bearer token', { auth: { type: 'bearer', token: 't' } }, '$.headers.authorization', 'Bearer t'],
    ['a body', { method: 'POST', body: 'hello' }, '$.body', 'hello'],
    [
      'text as text',
      { method: 'POST', body: 'hello' },
      '$.headers["content-type"]',
      'text/plain; charset=utf-8',
    ],
    ['JSON as JSON', { method: 'POST', body: '{"a":1}' }, '$.headers["content-type"]', 'application/json'],
    [
      'JSON as what it is told',
      { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/ld+json' } },
      '$.headers["content-type"]',
      'application/ld+json',
    ],
  ])('sends %s', async (_, config, path, expectedValue) => {
    await using server = await mirror();
    const result = await check(server.url, { ...config, responseBodyJsonPath: { path, expectedValue } });
    expect(result.error).toBeUndefined();
    expect(result.outcome).toBe('up');
  });
  it('follows redirects unless told not to', async () => {
    await using server = await serveHttp((request, response) => {
      if (request.url === '/there') response.end('there');
      else response.writeHead(302, { location: '/there' }).end();
    });
    expect(await check(server.url)).toMatchObject({ outcome: 'up', observed: { redirects: 1 } });
    expect(await check(server.url, { followRedirects: false })).toMatchObject({
      outcome: 'down',
      error: { code: 'unexpected_status', message: 'the status is 302, expected was 200-299' },
    });
    expect(await check(server.url, { followRedirects: false, expectedStatusCodes: '302' })).toMatchObject({
      outcome: 'up',
    });
  });
  it('leaves sensitive headers behind when a redirect leaves the origin', async () => {
    await using seen = await mirror();
    await using server = await serveHttp((_, response) =>
      response.writeHead(307, { location: seen.url }).end(),
    );
    const config = {
      headers: { 'X-Api-Key': 'k', 'x-trace': 't' },
      auth: { type: 'bearer', token: 't' },
      keywordInBody: 'x-api-key',
      keywordInBodyShouldBePresent: false,
    };
    expect(await check(server.url, config)).toMatchObject({ outcome: 'up', observed: { redirects: 1 } });
    expect(await check(server.url, { ...config, keywordInBody: 'authorization' })).toMatchObject({
      outcome: 'up',
    });
    expect(await check(server.url, { ...config, keywordInBody: 'x-trace' })).toMatchObject({
      outcome: 'down',
    });
  });
  it('rejects with what the network said', async () => {
    await expect(check(`http://127.0.0.1:${await closedPort()}/`)).rejects.toMatchObject({
      code: 'connection_refused',
    });
    await expect(check('http://169.254.169.254/latest')).rejects.toMatchObject({ code: 'address_refused' });
  });
});
