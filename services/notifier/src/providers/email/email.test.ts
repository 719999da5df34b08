import { createServer, type Server } from 'node:net';
import { emailConfig } from '@tocsin/contracts';
import { createEgress, egressPolicy } from '@tocsin/egress';
import { type Message, testMessage } from '@tocsin/notifying';
import { type SmtpFake, startSmtpFake } from '@tocsin/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendContext, SmtpDefaults } from '../provider.js';
import { email } from './email.js';

const egress = createEgress(egressPolicy({ purpose: 'provider', allow: ['127.0.0.1'], ownEndpoints: [] }));
const ID = '0b7a2f5c-7c6e-5d3b-9f0a-2d1f4c5b6a79';
const message = testMessage({
  project: 'default',
  providerName: 'on call',
  publicUrl: 'https://tocsin.example',
  now: '2026-03-01T12:00:00.000Z',
});

let server: SmtpFake;
beforeAll(async () => {
  server = await startSmtpFake({ auth: { user: 'tocsin', password: 'hush-hush' } });
});
beforeEach(() => server.heal());
afterAll(() => server.stop());

const smtp = (over: Partial<SmtpDefaults> = {}): SmtpDefaults => ({
  host: server.host,
  port: server.port,
  secure: false,
  user: 'tocsin',
  password: 'hush-hush',
  from: 'Tocsin, at work <alerts@tocsin.example>',
  ...over,
});
const context = (over: Partial<SendContext> = {}): SendContext => ({
  notificationId: ID,
  attempt: 1,
  now: '2026-03-01T12:00:00.000Z',
  timeoutMs: 5000,
  egress,
  smtp: undefined,
  ...over,
});
const send = (emails: string, over: Partial<SendContext> = {}, told: Message = message) =>
  email.send(told, emailConfig.schema.parse({ emails, smtp: smtp() }), context(over));
const newest = () => {
  const mail = server.received.at(-1);
  if (mail === undefined) throw new Error('nothing arrived');
  return mail;
};

describe('a mail', () => {
  it('reaches every address of the list once, in words and in HTML', async () => {
    expect(await send('ann@example.com, bob@example.com,ann@example.com')).toMatchObject({
      result: 'delivered',
      answer: { status: 250 },
    });
    const { to, from, user, mail } = newest();
    expect({ to, from, user }).toEqual({
      to: ['ann@example.com', 'bob@example.com'],
      from: 'alerts@tocsin.example',
      user: 'tocsin',
    });
    expect(mail.subject).toBe(message.title);
    expect(mail.from?.value).toEqual([{ name: 'Tocsin, at work', address: 'alerts@tocsin.example' }]);
    expect(mail.text).toContain(message.text);
    expect(mail.html).toContain('href="https://tocsin.example"');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('goes through the mail server of the installation where it has none of its own', async () => {
    const config = emailConfig.schema.parse({ emails: 'ann@example.com' });
    expect(await email.send(message, config, context({ smtp: smtp() }))).toMatchObject({
      result: 'delivered',
    });
    expect(await email.send(message, config, context())).toMatchObject({
      result: 'permanent',
      reason: 'smtp_not_configured',
    });
  });

  it('K15: adds the custom message', async () => {
    await send('ann@example.com', {}, { ...message, customText: 'call Ann & Bob' });
    expect(newest().mail.text).toContain(message.text);
    expect(newest().mail.text).toContain('call Ann & Bob');
    expect(newest().mail.html).toContain('call Ann &amp; Bob');
  });

  it('N1: has the same Message-ID on every attempt, also after a lost answer', async () => {
    server.cutAfterData();
    expect(await send('ann@example.com')).toMatchObject({ result: 'retry', reason: 'connection_lost' });
    expect(await send('ann@example.com', { attempt: 2 })).toMatchObject({ result: 'delivered' });
    const ids = server.received.slice(-2).map(({ mail }) => mail.messageId);
    expect(ids).toEqual([`<${ID}@tocsin.example>`, `<${ID}@tocsin.example>`]);
  });
});

describe('N7: what a mail server says', () => {
  it.each([
    [450, 'retry', 'recipients_deferred'],
    [550, 'permanent', 'recipients_refused'],
  ] as const)('%i for the only recipient is %s', async (code, result, reason) => {
    server.refuseRecipient('ann@example.com', { code, message: 'because' });
    const outcome = await send('ann@example.com');
    expect(outcome).toMatchObject({ result, reason, answer: { status: code } });
    expect(outcome.answer.excerpt).toContain('ann@example.com');
    expect(outcome.answer.excerpt).toContain('because');
  });

  it('tries all again when one of the refused may be taken later', async () => {
    server.refuseRecipient('ann@example.com', { code: 550 });
    server.refuseRecipient('bob@example.com', { code: 451, times: 1 });
    expect(await send('ann@example.com,bob@example.com')).toMatchObject({ result: 'retry' });
    expect(await send('ann@example.com,bob@example.com')).toMatchObject({ result: 'delivered' });
  });

  it('counts as told what some of them got, and names the others', async () => {
    server.refuseRecipient('ann@example.com', { code: 550, message: 'no such user' });
    const outcome = await send('ann@example.com,bob@example.com');
    expect(outcome.result).toBe('delivered');
    expect(outcome.answer.excerpt).toMatch(/refused: ann@example\.com \(550 .*no such user\)/);
    expect(newest().to).toEqual(['bob@example.com']);
  });

  it.each([
    [451, 'retry'],
    [554, 'permanent'],
  ] as const)('%i after the message is %s', async (code, result) => {
    server.refuseMessage({ code });
    expect(await send('ann@example.com')).toMatchObject({ result, reason: `smtp_${code}` });
  });

  it('gives up on a wrong password, and does not repeat it', async () => {
    const config = emailConfig.schema.parse({
      emails: 'ann@example.com',
      smtp: smtp({ password: 'wrong-password' }),
    });
    const outcome = await email.send(message, config, context());
    expect(outcome).toMatchObject({ result: 'permanent', reason: 'smtp_535' });
    expect(JSON.stringify(outcome)).not.toContain('wrong-password');
  });
});

const listen = (hole: Server) =>
  new Promise<number>((resolve) => {
    hole.listen(0, '127.0.0.1', () => {
      const address = hole.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
const sendTo = (port: number, over: Partial<SendContext> = {}) =>
  email.send(
    message,
    emailConfig.schema.parse({ emails: 'ann@example.com', smtp: smtp({ port }) }),
    context(over),
  );

describe('N5: a mail server that is not there', () => {
  it('takes no longer than the attempt may, even when it says nothing', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const hole = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    const port = await listen(hole);
    const started = performance.now();
    expect(await sendTo(port, { timeoutMs: 300 })).toMatchObject({ result: 'retry', reason: 'timeout' });
    expect(performance.now() - started).toBeLessThan(2000);
    for (const socket of sockets) socket.destroy();
    hole.close();
  });

  it('is tried again when it refuses', async () => {
    const gone = createServer();
    const port = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await sendTo(port)).toMatchObject({ result: 'retry', reason: 'connection_refused' });
  });

  it('is told nothing when its certificate is not trusted', async () => {
    const stranger = await startSmtpFake({ secure: true });
    try {
      const settings = { emails: 'ann@example.com', smtp: smtp({ port: stranger.port, secure: true }) };
      const outcome = await email.send(message, emailConfig.schema.parse(settings), context());
      expect(outcome).toMatchObject({ result: 'retry', reason: 'tls_failed' });
      expect(stranger.received).toEqual([]);
    } finally {
      await stranger.stop();
    }
  });

  it('SEC2: is not connected to where the policy refuses', async () => {
    const strict = createEgress(egressPolicy({ purpose: 'provider', allow: [], ownEndpoints: [] }));
    const outcome = await send('ann@example.com', { egress: strict });
    expect(outcome).toMatchObject({ result: 'permanent', reason: 'address_refused' });
    expect(outcome.answer.excerpt).toContain('TOCSIN_EGRESS_ALLOW');
  });
});

describe('SEC9: whatever stands in a message', () => {
  const HEADERS = [
    'auto-submitted',
    'content-type',
    'date',
    'from',
    'message-id',
    'mime-version',
    'references',
    'subject',
    'to',
    'x-auto-response-suppress',
  ];

  it('adds no header, no recipient and no live HTML', async () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        'x\r\nBcc: eve@example.com',
        'x\nTo: eve@example.com\n\nbody',
        'x\r\n.\r\nRCPT TO:<eve@example.com>',
        '=?utf-8?Q?x=0D=0ABcc:_eve@example.com?=',
        '<img src=x onerror=alert(1)>',
        '"><script>alert(1)</script>',
      ),
    );
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (title, text) => {
        const fields = [{ label: title, value: text }];
        const told = { ...message, title, text, customText: title, fields, link: `javascript:${text}` };
        expect(await send('ann@example.com', {}, told)).toMatchObject({ result: 'delivered' });
        const { to, mail } = newest();
        expect(to).toEqual(['ann@example.com']);
        expect(HEADERS).toEqual(expect.arrayContaining([...mail.headers.keys()]));
        expect(mail.html).not.toMatch(/<(?:img|script)|href=/);
      }),
      { numRuns: 40 },
    );
  });
});
