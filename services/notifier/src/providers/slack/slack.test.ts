import { createEgress, egressPolicy } from '@tocsin/egress';
import { type Message, testMessage } from '@tocsin/notifying';
import { type SlackFake, startSlackFake } from '@tocsin/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendContext } from '../provider.js';
import { slack } from './slack.js';

let fake: SlackFake;
beforeAll(async () => {
  fake = await startSlackFake();
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
  severity: 'error',
  title: 'shop is down',
  text: 'shop is down since 2026-03-01 11:58:00 UTC: connect_refused at 10.0.0.1.',
  customText: 'See *runbook 7*.',
  fields: [
    { label: 'Monitor', value: 'shop' },
    { label: 'Duration', value: '2 min' },
  ],
  link: 'https://t.example/alerts/1?a=1&b=2',
};
const send = (told: Partial<Message> = {}, channel?: string) =>
  slack.send({ ...message, ...told }, { webhookUrl: fake.url, channel }, context);
const last = () => fake.received.at(-1)!;

describe('what Slack shows', () => {
  it('says what, since when, why, how long, the own words, and where to look', async () => {
    expect(await send()).toEqual({ result: 'delivered', answer: { status: 200, excerpt: 'ok' } });
    expect(last().shown.split('\n')).toEqual([
      'shop is down',
      'shop is down',
      'shop is down since 2026-03-01 11:58:00 UTC: connect_refused at 10.0.0.1.',
      'See *runbook 7*.',
      'Monitor',
      'shop',
      'Duration',
      '2 min',
      'Open the alert',
    ]);
    expect(last().links).toEqual(['https://t.example/alerts/1?a=1&b=2']);
    expect(last().payload).not.toHaveProperty('channel');
    expect(last().headers).toMatchObject({ 'idempotency-key': context.notificationId });
  });

  it.each([
    ['error', '#ef4444'],
    ['warning', '#f59e0b'],
    ['success', '#22c55e'],
    ['info', '#3b82f6'],
  ] as const)('marks %s with %s', async (severity, color) => {
    await send({ severity });
    expect(last().payload.attachments).toMatchObject([{ color }]);
  });

  it('names the channel when one is set, and leaves out what is empty', async () => {
    await send({ customText: ' ', fields: [], link: '' }, '#ops');
    expect(last().payload).toMatchObject({ channel: '#ops' });
    expect(last().shown.split('\n')).toHaveLength(3);
    expect(last().links).toEqual([]);
  });

  it('neutralises <!channel>, mentions and links in names and own words', async () => {
    const evil = '<!channel> <@U123> <https://evil.example|shop> &lt;!here&gt;';
    await send({ title: evil, text: evil, customText: evil, fields: [{ label: evil, value: evil }] });
    expect(last()).toMatchObject({ mentions: [], unescaped: [] });
    expect(last().links).toEqual([message.link]);
    expect(last().shown).toContain(evil);
  });

  it('keeps the link whole, and leaves out one that is none', async () => {
    await send({ link: 'https://t.example/a|b<c>?x=1&y' });
    expect(last().links).toEqual(['https://t.example/a%7Cb%3Cc%3E?x=1&y']);
    await send({ link: 'javascript:alert(1)' });
    expect(last().links).toEqual([]);
  });

  it('cuts to what Slack takes, never inside an entity', async () => {
    const long = '&'.repeat(5_000);
    const fields = Array.from({ length: 40 }, () => ({ label: long, value: long }));
    expect(await send({ title: long, text: long, customText: long, fields })).toMatchObject({
      result: 'delivered',
    });
    expect(last().shown).toMatch(/^&+…$/m);
  });

  it('is accepted and shows every name as it is, whatever the strings', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, customText, link) => {
        const fields = [{ label: name, value: name }];
        const outcome = await send({ title: name, text: name, customText, fields, link });
        expect(outcome.result).toBe('delivered');
        expect(last()).toMatchObject({ mentions: [], unescaped: [] });
      }),
      { numRuns: 100 },
    );
    const printable = fc.string({
      unit: fc.constantFrom(...'<>!@#|&;*_`~ aZ0'.split('')),
      minLength: 1,
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(printable, async (name) => {
        await send({ title: `${name} is down`, text: name, customText: name });
        expect(last()).toMatchObject({ mentions: [], unescaped: [] });
        expect(last().shown).toContain(`${name} is down`.trim());
      }),
      { numRuns: 100 },
    );
  });
});

describe('what becomes of an attempt', () => {
  it('waits as long as Slack asks', async () => {
    fake.rateLimit(30);
    expect(await send()).toMatchObject({ result: 'retry', reason: 'http_429', retryAfterMs: 30_000 });
  });

  it.each([400, 403, 404])('gives up on %d', async (status) => {
    fake.failNext({ status, body: 'no_service' });
    expect(await send()).toEqual({
      result: 'permanent',
      reason: `http_${status}`,
      answer: { status, excerpt: 'no_service' },
    });
  });

  it('switches off what is gone', async () => {
    fake.failNext({ status: 410, body: 'channel_is_archived' });
    expect(await send()).toMatchObject({ result: 'permanent', disableProvider: true });
  });

  it.each([500, 503, 'reset', 'lose_answer'] as const)('tries again after %s', async (fault) => {
    fake.failNext(fault);
    expect(await send()).toMatchObject({ result: 'retry' });
  });

  it('tries again when nobody answers in time', async () => {
    fake.failNext('hang');
    const outcome = await slack.send(message, { webhookUrl: fake.url }, { ...context, timeoutMs: 100 });
    expect(outcome).toMatchObject({ result: 'retry', reason: 'timeout', answer: { status: 0 } });
  });

  it('tells nobody the URL, even when the answer repeats it', async () => {
    const secret = fake.url.slice(fake.url.lastIndexOf('/') + 1);
    fake.failNext({ status: 500, body: `cannot post to ${fake.url}` }, 'reset');
    for (const outcome of [await send(), await send()]) expect(JSON.stringify(outcome)).not.toContain(secret);
    const unusable = await slack.send(message, { webhookUrl: `nonsense ${secret}` }, context);
    expect(unusable.result).toBe('permanent');
    expect(JSON.stringify(unusable)).not.toContain(secret);
  });
});
