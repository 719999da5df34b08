import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startDnsServer } from './dns-server.js';
import { startHttpTarget } from './http-target.js';
import { startTcpTarget } from './tcp-target.js';
import { startUdpTarget } from './udp-target.js';

const running: { stop(): Promise<void> }[] = [];
const keep = <T extends { stop(): Promise<void> }>(target: T): T => {
  running.push(target);
  return target;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

const resolverOf = (server: string) => {
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([server]);
  return resolver;
};

describe('http target', () => {
  it('is what its switch says', async () => {
    const target = keep(await startHttpTarget({ keyword: 'ready', slowMs: 200 }));
    const get = (init: RequestInit = {}) => fetch(target.url, init);
    expect(await (await get()).text()).toContain('ready');
    await target.set('error');
    expect((await get()).status).toBe(500);
    await target.set('wrong_keyword');
    expect(await (await get()).text()).not.toContain('ready');
    await target.set('redirect');
    expect((await get({ redirect: 'manual' })).headers.get('location')).toBe('/moved');
    expect(await (await get()).text()).toContain('ready');
    await target.set('reset');
    await expect(get()).rejects.toThrow('fetch failed');
    await target.set('slow');
    await expect(get({ signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
    expect((await get()).status).toBe(200);
    await target.set('refuse');
    await expect(once(connect(target.port, '127.0.0.1'), 'connect')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    await target.set('up');
    expect((await get()).status).toBe(200);
    expect(target.requests.length).toBeGreaterThanOrEqual(9);
  });
});

describe('tcp target', () => {
  it('is what its switch says', async () => {
    const target = keep(await startTcpTarget({ banner: 'hello\n' }));
    const dial = async () => {
      const socket = connect(target.port, target.host);
      socket.on('error', () => undefined);
      const [event] = await Promise.race([
        once(socket, 'data').then(([data]) => [String(data)]),
        once(socket, 'close').then(() => ['closed']),
      ]);
      socket.destroy();
      return event;
    };
    expect(await dial()).toBe('hello\n');
    await target.set('reset');
    await expect(dial()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await target.set('refuse');
    await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await target.set('up');
    expect(await dial()).toBe('hello\n');
    expect(target.connections()).toBe(3);
  });
});

describe('udp target', () => {
  it('is what its switch says', async () => {
    const target = keep(await startUdpTarget());
    const ask = async (text: string) => {
      const socket = createSocket('udp4');
      socket.connect(target.port, target.host);
      try {
        await once(socket, 'connect');
        socket.send(text);
        const [answer] = (await once(socket, 'message')) as [Buffer];
        return answer.toString();
      } finally {
        socket.close();
      }
    };
    expect(await ask('ping')).toBe('ping');
    await target.set('refuse');
    await expect(ask('ping')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await target.set('echo');
    expect(await ask('again')).toBe('again');
    expect(target.received.map(String)).toEqual(['ping', 'again']);
  });
});

describe('dns server', () => {
  it('answers every type from its table', async () => {
    const dns = keep(
      await startDnsServer({
        'shop.example': {
          A: ['127.0.0.1', '10.0.0.2'],
          AAAA: ['2001:db8::1', '::1'],
          TXT: ['v=spf1 -all', 'x'.repeat(300)],
          MX: ['10 mail.shop.example'],
          NS: ['ns1.shop.example'],
          SOA: ['ns1.shop.example admin.shop.example 7 3600 600 86400 60'],
          CAA: ['0 issue ca.example'],
        },
        'www.shop.example': { CNAME: ['shop.example'] },
        '_nats._tcp.shop.example': { SRV: ['1 2 4222 nats.shop.example'] },
        '1.0.0.127.in-addr.arpa': { PTR: ['shop.example'] },
      }),
    );
    const resolver = resolverOf(dns.server);
    expect(await resolver.resolve4('SHOP.example')).toEqual(['127.0.0.1', '10.0.0.2']);
    expect(await resolver.resolve6('shop.example')).toEqual(['2001:db8::1', '::1']);
    expect(await resolver.resolve4('www.shop.example')).toEqual(['127.0.0.1', '10.0.0.2']);
    const txt = await resolver.resolveTxt('shop.example');
    expect(txt.map((parts) => parts.join(''))).toEqual(['v=spf1 -all', 'x'.repeat(300)]);
    expect(await resolver.resolveMx('shop.example')).toMatchObject([
      { exchange: 'mail.shop.example', priority: 10 },
    ]);
    expect(await resolver.resolveNs('shop.example')).toEqual(['ns1.shop.example']);
    expect(await resolver.resolveSoa('shop.example')).toMatchObject({ serial: 7, minttl: 60 });
    expect(await resolver.resolveCaa('shop.example')).toMatchObject([{ critical: 0, issue: 'ca.example' }]);
    expect(await resolver.resolveSrv('_nats._tcp.shop.example')).toMatchObject([
      { name: 'nats.shop.example', port: 4222, priority: 1, weight: 2 },
    ]);
    expect(await resolver.resolvePtr('1.0.0.127.in-addr.arpa')).toEqual(['shop.example']);
  });

  it('knows no other name, fails and falls silent', async () => {
    const dns = keep(await startDnsServer({ 'a.example': { A: ['127.0.0.1'] } }));
    const resolver = resolverOf(dns.server);
    await expect(resolver.resolve4('b.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolveMx('a.example')).rejects.toMatchObject({ code: 'ENODATA' });
    dns.set('servfail');
    await expect(resolver.resolve4('a.example')).rejects.toMatchObject({ code: 'ESERVFAIL' });
    dns.set('silent');
    await expect(resolver.resolve4('a.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    dns.set('table');
    expect(await resolver.resolve4('a.example')).toEqual(['127.0.0.1']);
    expect(dns.queries[0]).toEqual({ name: 'b.example', type: 'A' });
  });
});
