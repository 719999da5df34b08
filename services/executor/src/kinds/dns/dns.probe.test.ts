import { dnsConfig } from '@tocsin/contracts';
import { createEgress, egressPolicy } from '@tocsin/egress';
import { type DnsServer, startDnsServer } from '@tocsin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attempt } from '../testing.js';
import { dnsProbe } from './dns.probe.js';

const check = attempt(dnsProbe, dnsConfig);
let dns: DnsServer;
beforeAll(async () => {
  dns = await startDnsServer({
    'shop.test': {
      A: ['192.0.2.1', '192.0.2.2'],
      AAAA: ['2001:db8::1'],
      MX: ['10 mail.shop.test'],
      NS: ['ns1.shop.test'],
      TXT: ['v=spf1 -all'],
      SOA: ['ns1.shop.test admin.shop.test 1 2 3 4 5'],
      SRV: ['1 2 443 www.shop.test'],
      CAA: ['0 issue letsencrypt.org'],
    },
    'www.shop.test': { CNAME: ['shop.test'] },
    '1.2.0.192.in-addr.arpa': { PTR: ['shop.test'] },
  });
});
beforeEach(() => {
  dns.set('table');
});
afterAll(() => dns.stop());

describe('a DNS check', () => {
  it.each([
    ['A', 'shop.test', '192.0.2.1, 192.0.2.2'],
    ['A', 'www.shop.test', '192.0.2.1, 192.0.2.2'],
    ['AAAA', 'shop.test', '2001:db8::1'],
    ['CNAME', 'www.shop.test', 'shop.test'],
    ['MX', 'shop.test', '10 mail.shop.test'],
    ['NS', 'shop.test', 'ns1.shop.test'],
    ['TXT', 'shop.test', 'v=spf1 -all'],
    ['SOA', 'shop.test', 'ns1.shop.test admin.shop.test 1 2 3 4 5'],
    ['SRV', 'shop.test', '1 2 443 www.shop.test'],
    ['CAA', 'shop.test', '0 issue letsencrypt.org'],
    ['PTR', '192.0.2.1', 'shop.test'],
    ['PTR', '1.2.0.192.in-addr.arpa', 'shop.test'],
  ])('finds %s of %s', async (recordType, target, values) => {
    const config = { recordType, resolver: dns.server, expectedValues: values.split(', '), match: 'exact' };
    const result = await check(target, config);
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({
      outcome: 'up',
      observed: { recordType, resolver: dns.server, recordCount: values.split(', ').length },
    });
    expect(String(result.observed.values).split(', ').toSorted()).toEqual(values.split(', ').toSorted());
  });
  it('is down when the records are others', async () => {
    expect(await check('shop.test', { resolver: dns.server, expectedValues: ['192.0.2.9'] })).toMatchObject({
      outcome: 'down',
      error: { code: 'dns_mismatch' },
    });
  });
  it('tells a name that is not there from a record that is not there', async () => {
    expect(await check('gone.test', { resolver: dns.server })).toMatchObject({
      outcome: 'down',
      error: { code: 'dns_no_such_name' },
    });
    expect(await check('www.shop.test', { resolver: dns.server, recordType: 'CAA' })).toMatchObject({
      outcome: 'up',
    });
    expect(await check('1.2.0.192.in-addr.arpa', { resolver: dns.server, recordType: 'TXT' })).toMatchObject({
      outcome: 'down',
      error: { code: 'dns_no_records' },
    });
  });
  it.each([
    ['servfail', 'dns_server_failure'],
    ['refused', 'dns_refused'],
    ['silent', 'dns_timeout'],
  ] as const)('is down when the server it names is %s', async (state, code) => {
    dns.set(state);
    const startedAt = performance.now();
    expect(await check('shop.test', { resolver: dns.server }, 300)).toMatchObject({
      outcome: 'down',
      error: { code },
    });
    expect(performance.now() - startedAt).toBeLessThan(550);
  });
  it('is down when nobody listens where it should ask', async () => {
    const gone = await startDnsServer({});
    await gone.stop();
    expect(await check('shop.test', { resolver: gone.server }, 1_000)).toMatchObject({
      outcome: 'down',
      error: { code: 'dns_unreachable' },
    });
  });
  it('asks no server the policy refuses', async () => {
    const strict = createEgress(egressPolicy({ purpose: 'monitor', allow: [], ownEndpoints: [] }));
    const before = dns.queries.length;
    const asking = attempt(dnsProbe, dnsConfig, strict)('shop.test', { resolver: dns.server });
    await expect(asking).rejects.toMatchObject({ code: 'address_refused' });
    expect(dns.queries).toHaveLength(before);
  });
});
