import { describe, expect, it } from 'vitest';
import { type Hop, nextHop } from './redirect.js';

const hop = (more: Partial<Hop> = {}): Hop => ({
  url: new URL('https://a.example/start?q=1'),
  method: 'POST',
  headers: {
    Authorization: 'Bearer s',
    Cookie: 'c',
    'X-Api-Key': 'k',
    'Content-Type': 'text/plain',
    accept: '*/*',
  },
  body: 'hello',
  servername: 'inner.example',
  ...more,
});
const next = (status: number, location: string | undefined, more: Partial<Hop> = {}) =>
  nextHop(hop(more), status, location, ['x-api-key']);

describe('nextHop', () => {
  it('stays where the response is no redirect', () => {
    expect(next(200, 'https://b.example/')).toBeUndefined();
    expect(next(304, 'https://b.example/')).toBeUndefined();
    expect(next(302, undefined)).toBeUndefined();
  });
  it.each([
    [301, 'POST', 'GET', undefined],
    [302, 'POST', 'GET', undefined],
    [302, 'PUT', 'PUT', 'hello'],
    [303, 'PUT', 'GET', undefined],
    [303, 'HEAD', 'HEAD', 'hello'],
    [307, 'POST', 'POST', 'hello'],
    [308, 'DELETE', 'DELETE', 'hello'],
  ])('%i turns %s into %s', (status, method, becomes, body) => {
    const to = next(status, '/next', { method });
    expect(to).toMatchObject({ method: becomes, body });
    expect(to?.headers['Content-Type']).toBe(body === undefined ? undefined : 'text/plain');
  });
  it('keeps credentials and the server name inside the origin', () => {
    expect(next(307, '/next')).toMatchObject({
      url: new URL('https://a.example/next'),
      headers: { Authorization: 'Bearer s', Cookie: 'c', 'X-Api-Key': 'k' },
      servername: 'inner.example',
    });
  });
  it.each(['https://b.example/', 'https://a.example:8443/', '//b.example/'])(
    'drops credentials, secret headers and the server name on the way to %s',
    (location) => {
      const to = next(307, location);
      expect(to?.headers).toEqual({ 'Content-Type': 'text/plain', accept: '*/*' });
      expect(to?.servername).toBeUndefined();
    },
  );
  it.each([
    ['http://a.example/', 'redirect_refused'],
    ['file:///etc/passwd', 'scheme_refused'],
    ['gopher://127.0.0.1:6379/_', 'scheme_refused'],
    ['https://user:secret@b.example/', 'invalid_url'],
    ['https://[broken/', 'redirect_refused'],
  ])('refuses %s: %s', (location, code) => {
    expect(() => next(302, location)).toThrow(expect.objectContaining({ code }));
  });
  it('follows from http to https', () => {
    expect(next(301, 'https://a.example/', { url: new URL('http://a.example/') })?.url.protocol).toBe(
      'https:',
    );
  });
});
