import { createEgress, egressPolicy } from '@tocsin/egress';
import { type Message, testMessage } from '@tocsin/notifying';
import { startTeamsFake, type TeamsFake } from '@tocsin/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendContext } from '../provider.js';
import { teams } from './teams.js';

let fake: TeamsFake;
beforeAll(async () => {
  fake = await startTeamsFake();
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
  customText: 'See runbook 7.\nThen call.',
  fields: [
    { label: 'Monitor', value: 'shop' },
    { label: 'Duration', value: '2 min' },
  ],
  link: 'https://t.example/alerts/1?a=1&b=2',
};
const send = (told: Partial<Message> = {}) =>
  teams.send({ ...message, ...told }, { teamsWebhookUrl: fake.url }, context);
const told = (status: number) =>
  `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status}`;
const last = () => fake.received.at(-1)!;

describe('what Teams shows', () => {
  it('says what, since when, why, how long, the own words, and where to look', async () => {
    expect(await send()).toEqual({ result: 'delivered', answer: { status: 202, excerpt: '' } });
    expect(last().shown.split('\n')).toEqual([
      'shop is down',
      'shop is down since 2026-03-01 11:58:00 UTC: connection refused.',
      'See runbook 7.',
      'Then call.',
      'Monitor: ',
      'shop',
      'Duration: ',
      '2 min',
    ]);
    expect(last().links).toEqual([message.link]);
    expect(last().headers).toMatchObject({ 'idempotency-key': context.notificationId });
  });

  it.each([
    ['error', 'attention'],
    ['warning', 'warning'],
    ['success', 'good'],
    ['info', 'accent'],
  ] as const)('marks %s as %s', async (severity, style) => {
    await send({ severity });
    expect(last().card.body).toMatchObject([{ type: 'Container', style }, {}, {}, {}, {}]);
  });

  it('leaves out what is empty', async () => {
    await send({ customText: ' \n ', fields: [], link: '' });
    expect(last().shown).toBe(`${message.title}\n${message.text}`);
    expect(last().links).toEqual([]);
  });

  it('stands under 28 KB with the longest texts of the widest script', async () => {
    const long = '監視"'.repeat(5_000);
    const lines = '視\n'.repeat(5_000);
    const fields = Array.from({ length: 40 }, () => ({ label: long, value: long }));
    for (const text of [long, lines])
      expect(await send({ title: long, text, customText: text, fields })).toMatchObject({
        result: 'delivered',
      });
  });

  it('is accepted and gives Markdown nothing to read, whatever the strings', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, customText, link) => {
        const fields = [{ label: name, value: name }];
        const outcome = await send({ title: name, text: name, customText, fields, link });
        expect(outcome.result).toBe('delivered');
        expect(last().markdown).toEqual([]);
      }),
      { numRuns: 100 },
    );
    const printable = fc.string({
      unit: fc.constantFrom(...'*_[](){}<>&#\\`@- aZ0'.split('')),
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(printable, async (name) => {
        await send({ title: `${name} is down`, customText: name });
        expect(last().markdown).toEqual([]);
        expect(last().shown).toContain(`${name} is down`.trim());
      }),
      { numRuns: 100 },
    );
  });
});

describe('what becomes of an attempt', () => {
  it('waits as long as Teams asks', async () => {
    fake.rateLimit(12);
    expect(await send()).toMatchObject({ result: 'retry', reason: 'http_429', retryAfterMs: 12_000 });
  });

  it('does not believe a 200 whose body speaks of an error', async () => {
    fake.failNext({ status: 200, body: told(429) }, { status: 200, body: told(404) });
    expect(await send()).toMatchObject({ result: 'retry', reason: 'http_429' });
    expect(await send()).toMatchObject({ result: 'permanent', reason: 'http_404' });
  });

  it.each([400, 401, 404])('gives up on %d', async (status) => {
    fake.failNext(status);
    expect(await send()).toMatchObject({ result: 'permanent', reason: `http_${status}` });
  });

  it.each([500, 502, 'reset', 'lose_answer'] as const)('tries again after %s', async (fault) => {
    fake.failNext(fault);
    expect(await send()).toMatchObject({ result: 'retry' });
  });

  it('tells nobody the signature, even when the answer repeats it', async () => {
    const secret = new URL(fake.url).searchParams.get('sig')!;
    fake.failNext(
      { status: 400, body: `cannot post to ${fake.url}` },
      { status: 400, body: secret },
      'reset',
    );
    for (const outcome of [await send(), await send(), await send()])
      expect(JSON.stringify(outcome)).not.toContain(secret);
  });
});
