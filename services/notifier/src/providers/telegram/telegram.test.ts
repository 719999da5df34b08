import { createEgress, egressPolicy } from '@tocsin/egress';
import { type Message, testMessage } from '@tocsin/notifying';
import { startTelegramFake, type TelegramFake } from '@tocsin/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendContext } from '../provider.js';
import { telegram } from './telegram.js';

let fake: TelegramFake;
beforeAll(async () => {
  fake = await startTelegramFake();
});
afterAll(() => fake.stop());
beforeEach(() => fake.heal());

const context: SendContext = {
  notificationId: '018f0000-0000-7000-8000-000000000001',
  attempt: 1,
  now: '2026-03-01T12:00:00.000Z',
  timeoutMs: 2_000,
  egress: createEgress(egressPolicy({ purpose: 'provider', allow: ['127.0.0.0/8'], ownEndpoints: [] })),
  smtp: undefined,
};
const message: Message = {
  ...testMessage({ project: 'p', providerName: 'ops', publicUrl: 'https://t.example', now: context.now }),
  title: 'shop is down',
  text: 'shop is down since 2026-03-01 11:58:00 UTC: connection refused.',
  customText: 'See runbook 7.',
  fields: [
    { label: 'Monitor', value: 'shop' },
    { label: 'Duration', value: '2 min' },
  ],
  link: 'https://t.example/@x/alerts/1?a=1&b=2',
};
const config = () => ({ botToken: fake.botToken, chatId: fake.chatId, apiBaseUrl: fake.url });
const send = (told: Partial<Message> = {}, other: object = {}) =>
  telegram.send({ ...message, ...told }, { ...config(), ...other }, context);
const last = () => fake.received.at(-1)!;

describe('what Telegram shows', () => {
  it('says what, since when, why, how long, the own words, and where to look', async () => {
    expect(await send()).toMatchObject({ result: 'delivered', answer: { status: 200 } });
    expect(last().shown).toBe(
      [
        'shop is down',
        'shop is down since 2026-03-01 11:58:00 UTC: connection refused.',
        'See runbook 7.',
        'Monitor: shop\nDuration: 2 min',
        'Open the alert',
      ].join('\n\n'),
    );
    expect(last().links).toEqual([message.link]);
    expect(last().headers).toMatchObject({ 'idempotency-key': context.notificationId });
  });

  it('leaves out what is empty, and takes a base URL with a slash', async () => {
    await send({ customText: ' ', fields: [], link: '' }, { apiBaseUrl: `${fake.url}/` });
    expect(last().shown).toBe(`${message.title}\n\n${message.text}`);
  });

  it('shows tags and calls nobody', async () => {
    const evil = '<b>x</b> <a href="https://evil.example">shop</a> &amp; @everybody <';
    await send({ title: evil, text: evil, customText: evil, fields: [{ label: evil, value: evil }] });
    expect(last().mentions).toEqual([]);
    expect(last().links).toEqual([message.link]);
    expect(last().shown.replaceAll('\u2060', '')).toContain(evil);
  });

  it('cuts to what Telegram takes, never inside an entity', async () => {
    const long = '&<"'.repeat(5_000);
    const fields = Array.from({ length: 40 }, () => ({ label: long, value: long }));
    expect(await send({ title: long, text: long, customText: long, fields })).toMatchObject({
      result: 'delivered',
    });
    expect(last().links).toEqual([message.link]);
  });

  it('is accepted and shows every name as it is, whatever the strings', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, customText, link) => {
        const fields = [{ label: name, value: name }];
        const outcome = await send({ title: name, text: name, customText, fields, link });
        expect(outcome.result).toBe('delivered');
        expect(last().mentions).toEqual([]);
      }),
      { numRuns: 100 },
    );
    const printable = fc.string({
      unit: fc.constantFrom(...'<>"&;#@/=b aZ0'.split('')),
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(printable, async (name) => {
        await send({ title: `${name} is down`, customText: name });
        expect(last().mentions).toEqual([]);
        expect(last().links).toEqual([message.link]);
        expect(last().shown.replaceAll('\u2060', '')).toContain(`${name} is down`.trim());
      }),
      { numRuns: 100 },
    );
  });
});

describe('what becomes of an attempt', () => {
  it('waits as long as the body asks', async () => {
    fake.rateLimit(17);
    expect(await send()).toMatchObject({ result: 'retry', reason: 'http_429', retryAfterMs: 17_000 });
  });

  it('gives up on a chat that is not there and on a bot that is not known', async () => {
    expect(await send({}, { chatId: '7' })).toMatchObject({
      result: 'permanent',
      reason: 'http_400',
      answer: { excerpt: expect.stringContaining('chat not found') },
    });
    expect(await send({}, { botToken: '1:other' })).toMatchObject({
      result: 'permanent',
      reason: 'http_401',
    });
  });

  it.each([500, 502, 'reset', 'lose_answer'] as const)('tries again after %s', async (fault) => {
    fake.failNext(fault);
    expect(await send()).toMatchObject({ result: 'retry' });
  });

  it('tries again when the network is away', async () => {
    const gone = await startTelegramFake();
    await gone.stop();
    expect(await send({}, { apiBaseUrl: gone.url })).toMatchObject({
      result: 'retry',
      reason: 'connection_refused',
      answer: { status: 0 },
    });
  });

  it('tells nobody the token, even when the answer repeats it', async () => {
    const [bot = '', secret = ''] = fake.botToken.split(':');
    const bodies = [`no ${fake.botToken}`, `no ${bot}%3A${secret}`, `no ${secret}`];
    fake.failNext(...bodies.map((body) => ({ status: 404, body })), 'reset');
    for (const _ of [...bodies, 'reset']) expect(JSON.stringify(await send())).not.toContain(secret);
    expect(JSON.stringify(await send({}, { apiBaseUrl: 'nonsense' }))).not.toContain(secret);
  });
});
