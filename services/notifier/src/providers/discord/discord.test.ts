import { createEgress, egressPolicy } from '@tocsin/egress';
import { type Message, testMessage } from '@tocsin/notifying';
import { type DiscordFake, startDiscordFake } from '@tocsin/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendContext } from '../provider.js';
import { discord } from './discord.js';

let fake: DiscordFake;
beforeAll(async () => {
  fake = await startDiscordFake();
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
  text: 'shop is down since 2026-03-01 11:58:00 UTC: connect_refused at https://shop.example/a_b.',
  customText: 'See runbook 7.',
  fields: [
    { label: 'Monitor', value: 'shop' },
    { label: 'Duration', value: '2 min' },
  ],
  link: 'https://t.example/alerts/1?a=1&b=2',
};
const send = (told: Partial<Message> = {}) =>
  discord.send({ ...message, ...told }, { discordWebhookUrl: fake.url }, context);
const last = () => fake.received.at(-1)!;

describe('what Discord shows', () => {
  it('says what, since when, why, how long, the own words, and where to look', async () => {
    expect(await send()).toEqual({ result: 'delivered', answer: { status: 204, excerpt: '' } });
    expect(last().shown).toBe(
      `${message.title}\n${message.text}\n\n${message.customText}\nMonitor\nshop\nDuration\n2 min`,
    );
    expect(last().markup).toEqual([]);
    expect(last().payload.embeds).toMatchObject([{ url: message.link, timestamp: context.now }]);
    expect(last().headers).toMatchObject({ 'idempotency-key': context.notificationId });
  });

  it.each([
    ['error', 0xef4444],
    ['warning', 0xf59e0b],
    ['success', 0x22c55e],
    ['info', 0x3b82f6],
  ] as const)('marks %s with its colour', async (severity, color) => {
    await send({ severity });
    expect(last().payload.embeds).toMatchObject([{ color }]);
  });

  it('leaves out what is empty', async () => {
    await send({ text: '', customText: ' ', fields: [], link: '' });
    expect(last().payload.embeds).toMatchObject([{ title: message.title, fields: [] }]);
    expect(last().shown).toBe(`${message.title}\n`);
  });

  it('shows markup and calls nobody', async () => {
    const evil =
      '@everyone <@1> <@&2> **b** [x](https://evil.example) ||s|| `c` <:a:1> <t:0>\n# h\n1. l\n- m\n> q';
    await send({ title: evil, text: evil, customText: evil, fields: [{ label: 'x', value: evil }] });
    expect(last().markup).toEqual([]);
    expect(last().payload).toMatchObject({ allowed_mentions: { parse: [] } });
    expect(last().shown).toContain(evil);
  });

  it('cuts to what Discord takes, never behind a lone backslash', async () => {
    const long = '*_@'.repeat(5_000);
    const fields = Array.from({ length: 40 }, () => ({ label: long, value: long }));
    expect(await send({ title: long, text: long, customText: long, fields })).toMatchObject({
      result: 'delivered',
    });
    expect(last().markup).toEqual([]);
  });

  it('is accepted and shows every name as it is, whatever the strings', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, customText, link) => {
        const fields = [{ label: name, value: name }];
        const outcome = await send({ title: name, text: name, customText, fields, link });
        expect(outcome.result).toBe('delivered');
        expect(last().markup).toEqual([]);
      }),
      { numRuns: 100 },
    );
    const acting = fc.constantFrom(...'\\`*_~|<>@#[]():+-1.&!/ a\n'.split(''));
    const printable = fc.string({ unit: acting, minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(printable, async (name) => {
        await send({ title: `${name} is down`, text: name, customText: name });
        expect(last().markup).toEqual([]);
        expect(last().shown).toContain(`${name} is down`.trim());
      }),
      { numRuns: 200 },
    );
  });
});

describe('what becomes of an attempt', () => {
  it('waits as long as the body asks, to the millisecond', async () => {
    fake.rateLimit(0.65);
    expect(await send()).toMatchObject({ result: 'retry', reason: 'http_429', retryAfterMs: 650 });
  });

  it('asks the bucket when the body does not say, and the plain header at last', async () => {
    fake.failNext(
      { status: 429, headers: { 'x-ratelimit-reset-after': '1.5', 'retry-after': '2' } },
      { status: 429, headers: { 'retry-after': '3' }, body: '<html>too many</html>' },
    );
    expect(await send()).toMatchObject({ result: 'retry', retryAfterMs: 1_500 });
    expect(await send()).toMatchObject({ result: 'retry', retryAfterMs: 3_000 });
  });

  it('gives up on a webhook that was deleted', async () => {
    fake.failNext({ status: 404, body: '{"message":"Unknown Webhook","code":10015}' });
    expect(await send()).toMatchObject({
      result: 'permanent',
      reason: 'http_404',
      answer: { excerpt: expect.stringContaining('Unknown Webhook') },
    });
  });

  it.each([500, 502, 'reset', 'lose_answer'] as const)('tries again after %s', async (fault) => {
    fake.failNext(fault);
    expect(await send()).toMatchObject({ result: 'retry' });
  });

  it('tells nobody the URL, even when the answer repeats it', async () => {
    const secret = fake.url.slice(fake.url.lastIndexOf('/') + 1);
    fake.failNext({ status: 400, body: `cannot post to ${new URL(fake.url).pathname}` }, 'reset');
    for (const outcome of [await send(), await send()]) expect(JSON.stringify(outcome)).not.toContain(secret);
  });
});
