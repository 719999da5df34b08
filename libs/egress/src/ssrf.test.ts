import { type DnsServer, startDnsServer } from '@tocsin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEgress } from './create-egress.js';
import type { Egress } from './egress.js';
import { egressPolicy } from './policy.js';
import { serveTcp, type TestServer } from './testing/index.js';
import { ssrfHosts, ssrfUrls } from './testing/ssrf-corpus.js';

const NAMES: Record<string, readonly string[]> = {
  'loop.test': ['127.0.0.1'],
  'meta.test': ['169.254.169.254'],
  'private.test': ['10.0.0.1'],
  'zero.test': ['0.0.0.0'],
  'link.test': ['169.254.1.1'],
  'cgnat.test': ['100.64.0.1'],
  'broadcast.test': ['255.255.255.255'],
  'multicast.test': ['224.0.0.1'],
  'mixed-bad.test': ['127.0.0.1', '10.0.0.1'],
};

let dns: DnsServer;
let canary: TestServer;
let egress: Egress;

beforeAll(async () => {
  dns = await startDnsServer(Object.fromEntries(Object.entries(NAMES).map(([name, A]) => [name, { A }])));
  canary = await serveTcp((socket) => socket.end());
  egress = createEgress(egressPolicy({ purpose: 'provider', allow: [], ownEndpoints: [] }), {
    dnsServers: [dns.server],
  });
});
afterAll(async () => {
  await canary[Symbol.asyncDispose]();
  await dns.stop();
});

/** Refused by us before a packet left: nothing that a missing server would explain as well. */
const REFUSED = /^(address_refused|invalid_url|scheme_refused)$/;
const port = (text: string) => text.replaceAll('PORT', String(canary.port));

it('is a corpus worth the name', () => {
  expect(new Set([...ssrfHosts, ...ssrfUrls]).size).toBeGreaterThanOrEqual(150);
});

describe('no request reaches', () => {
  const urls = [
    ...ssrfHosts.map((host) => `http://${host}:PORT/`),
    ...ssrfHosts.map((host) => `https://${host}/`),
    ...ssrfUrls,
  ];
  it.each(urls.map((url) => [JSON.stringify(url), url]))('%s', async (_shown, url) => {
    await expect(egress.request({ url: port(url), method: 'GET', timeoutMs: 2_000 })).rejects.toMatchObject({
      name: 'EgressError',
      code: expect.stringMatching(REFUSED),
      phase: 'policy',
    });
  });
});

describe('no connection reaches', () => {
  it.each([...ssrfHosts, ...ssrfUrls].map((host) => [JSON.stringify(host), host]))(
    '%s',
    async (_shown, host) => {
      const connecting = egress.connect({ host: port(host), port: canary.port, timeoutMs: 2_000 });
      await expect(connecting).rejects.toMatchObject({
        name: 'EgressError',
        code: expect.stringMatching(REFUSED),
        phase: 'policy',
      });
    },
  );
});

describe('no name is resolved to', () => {
  it.each(Object.keys(NAMES))('%s', async (name) => {
    await expect(egress.resolve(name)).rejects.toMatchObject({ code: 'address_refused' });
  });
});

it('lets none of them knock at the door all the same', () => {
  expect(canary.connections()).toBe(0);
});
