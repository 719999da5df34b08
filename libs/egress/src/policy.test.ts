import { describe, expect, it } from 'vitest';
import { type EgressPolicyOptions, egressPolicy } from './policy.js';

const judge = (address: string, more: Partial<EgressPolicyOptions> = {}) =>
  egressPolicy({ purpose: 'monitor', allow: [], ownEndpoints: [], ...more }).judge(address).refusal;

describe('what monitors may look at by default', () => {
  it.each([
    ['93.184.216.34', undefined],
    ['2606:2800:220:1::1', undefined],
    ['10.1.2.3', undefined],
    ['172.16.0.1', undefined],
    ['172.32.0.1', undefined],
    ['192.168.1.1', undefined],
    ['100.64.0.1', undefined],
    ['fd12:3456::1', undefined],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['169.254.1.1', 'link_local'],
    ['fe80::1', 'link_local'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['fec0::1', 'reserved'],
    ['::127.0.0.1', 'reserved'],
    ['4000::1', 'reserved'],
    ['169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'metadata'],
    ['::ffff:8.8.8.8', undefined],
    ['2002:7f00:1::', 'loopback'],
    ['2002:808:808::1', undefined],
    ['2002:a9fe:a9fe::1', 'metadata'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::808:808', undefined],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    // 169.254.169.254 behind a /48 translator: bits 48 to 63 and 72 to 87
    ['64:ff9b:1:a9fe:a9:fe00::', 'metadata'],
    ['64:ff9b:1::7f00:1', 'loopback'],
    // Teredo: the client's address is inverted
    ['2001:0:808:808:0:0:80ff:fffe', 'loopback'],
    ['2001:0:7f00:1:0:0:f7f7:f7f7', 'loopback'],
    ['fe80::1%eth0', 'not_an_address'],
    ['0x7f.1', 'not_an_address'],
    ['127.1', 'not_an_address'],
    ['example.com', 'not_an_address'],
    ['', 'not_an_address'],
  ])('%s: %s', (address, refusal) => {
    expect(judge(address)).toBe(refusal);
  });
});

describe('providers', () => {
  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    'fd12::1',
    '2002:a00:1::',
    '64:ff9b::a00:1',
  ])('may not be at %s', (address) => {
    expect(judge(address, { purpose: 'provider' })).toBe('private');
    expect(judge(address, { purpose: 'provider', allowPrivate: true })).toBeUndefined();
  });
});

describe('allow and deny', () => {
  it('opens the range it names, and mapped spellings with it', () => {
    const more = { allow: ['127.0.0.0/8'] };
    expect(judge('127.9.9.9', more)).toBeUndefined();
    expect(judge('::ffff:127.0.0.1', more)).toBeUndefined();
    expect(judge('::1', more)).toBe('loopback');
  });
  it('opens a metadata address only when it is named alone', () => {
    expect(judge('169.254.169.254', { allow: ['169.254.0.0/16', '0.0.0.0/0'] })).toBe('metadata');
    expect(judge('169.254.1.1', { allow: ['169.254.0.0/16'] })).toBeUndefined();
    expect(judge('169.254.169.254', { allow: ['169.254.169.254/32'] })).toBeUndefined();
    expect(judge('169.254.169.254', { allow: ['169.254.169.254'] })).toBeUndefined();
    expect(judge('fd00:ec2::254', { allow: ['fd00:ec2::254/128'] })).toBeUndefined();
  });
  it('does not open what an opened range embeds', () => {
    expect(judge('64:ff9b::7f00:1', { allow: ['64:ff9b::/96'] })).toBe('loopback');
  });
  it('lets deny win', () => {
    expect(judge('10.1.2.3', { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] })).toBe('denied');
    expect(judge('8.8.8.8', { deny: ['8.8.8.0/24'] })).toBe('denied');
    expect(judge('64:ff9b::808:808', { deny: ['8.8.8.0/24'] })).toBe('denied');
  });
  it('says what is no CIDR', () => {
    expect(() => judge('8.8.8.8', { allow: ['10.0.0.0/33'] })).toThrow(/"10.0.0.0\/33" is not a CIDR/);
    expect(() => judge('8.8.8.8', { deny: ['intranet'] })).toThrow(RangeError);
  });
});
