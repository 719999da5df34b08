import { randomBytes } from 'node:crypto';
import { webhookConfig } from '@tocsin/contracts';
import { createEgress, egressPolicy } from '@tocsin/egress';
import { testMessage } from '@tocsin/notifying';
import { startWebhookFake, type WebhookFake } from '@tocsin/testing';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SendContext } from '../provider.js';
import { webhook, webhookBody } from './webhook.js';
import { webhookHeaders } from './webhook-headers.js';

const egress = createEgress(egressPolicy({ purpose: 'provider', allow: ['127.0.0.1'], ownEndpoints: [] }));
const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const message = testMessage({
  project: 'default',
  providerName: 'hook "1"',
  publicUrl: 'https://tocsin.example',
  now: '2026-03-01T12:00:00.000Z',
});

let receiver: WebhookFake;
let seen = 0;
beforeAll(async () => {
  receiver = await startWebhookFake();
});
beforeEach(() => {
  receiver.heal();
  seen = receiver.received.length;
});
afterAll(() => receiver.stop());

const context = (over: Partial<SendContext> = {}): SendContext => ({
  notificationId: '0b7a2f5c-7c6e-5d3b-9f0a-2d1f4c5b6a79',
  attempt: 1,
  now: new Date().toISOString(),
  timeoutMs: 5000,
  egress,
  smtp: undefined,
  ...over,
});
const send = (settings: object, over: Partial<SendContext> = {}) =>
  webhook.send(message, webhookConfig.schema.parse({ url: receiver.url, ...settings }), context(over));
const last = () => {
  const got = receiver.received.at(-1);
  if (got === undefined || receiver.received.length === seen) throw new Error('nothing arrived');
  return got;
};

describe('a webhook', () => {
  it('posts the standard body', async () => {
    expect(await send({})).toMatchObject({ result: 'delivered', answer: { status: 200 } });
    expect(last()).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(last().json).toEqual({
      event: 'provider.test',
      alert: message.alert,
      target: message.target,
      project: 'default',
      title: message.title,
      text: message.text,
      link: 'https://tocsin.example',
    });
  });

  it('keeps the order and the names of the alert in the body', () => {
    const body = JSON.parse(webhookBody(message, '')) as { alert: object };
    expect(Object.keys(body.alert)).toEqual([
      'id',
      'targetId',
      'targetKind',
      'type',
      'severity',
      'state',
      'raisedAt',
      'since',
      'resolvedAt',
      'resolvedReason',
      'durationMs',
      'evidence',
    ]);
  });

  it('K15: carries the custom message beside its own words', () => {
    const body = JSON.parse(webhookBody({ ...message, customText: 'call Ann' }, '')) as { text: string };
    expect(body.text).toBe(`${message.text}\n\ncall Ann`);
  });

  it('puts where it is told to', async () => {
    await send({ method: 'PUT' });
    expect(last().method).toBe('PUT');
  });

  it('gets without a body', async () => {
    await send({ method: 'GET' });
    expect(last()).toMatchObject({ method: 'GET', path: '/hook' });
    expect(last().rawBody.length).toBe(0);
    expect(last().headers).not.toHaveProperty('content-type');
  });

  it('fills a template with escaped values', async () => {
    await send({ bodyTemplate: '{"m":"{{message}}","ms":{{responseTime}},"who":"{{unknown}}"}' });
    expect(last().json).toEqual({ m: message.text, ms: 0, who: '{{unknown}}' });
  });

  it('adds the headers it was given, and lets them change only defaults', () => {
    const headers = webhookHeaders({
      id: 'n-1',
      now: '2026-03-01T12:00:00.900Z',
      method: 'POST',
      body: '{}',
      headers: {
        'X-Team': 'ops',
        'Content-Type': 'application/vnd.ops+json',
        'Webhook-ID': 'forged',
        HOST: 'x',
      },
      signingSecret: '',
    });
    expect(headers).toEqual({
      'user-agent': 'Tocsin',
      'content-type': 'application/vnd.ops+json',
      'x-team': 'ops',
      'webhook-id': 'n-1',
      'webhook-timestamp': '1772366400',
    });
  });

  it('N1: keeps its id over attempts and dates each attempt', async () => {
    await send({}, { now: '2026-03-01T12:00:00.000Z' });
    const first = last().headers;
    await send({}, { now: '2026-03-01T12:00:30.000Z', attempt: 2 });
    const second = last().headers;
    expect(second['webhook-id']).toBe(first['webhook-id']);
    expect(Number(second['webhook-timestamp']) - Number(first['webhook-timestamp'])).toBe(30);
  });

  it('follows no redirect', async () => {
    receiver.failNext({ status: 302, headers: { location: receiver.url } });
    expect(await send({})).toMatchObject({ result: 'permanent', reason: 'redirected' });
    expect(receiver.received.length).toBe(seen);
  });

  it('waits as long as it is asked to', async () => {
    receiver.failNext({ status: 429, headers: { 'retry-after': '17' } });
    expect(await send({})).toMatchObject({ result: 'retry', retryAfterMs: 17_000 });
  });

  it('switches itself off when the receiver is gone for good', async () => {
    receiver.failNext(410);
    expect(await send({})).toMatchObject({ result: 'permanent', disableProvider: true });
  });

  it('SEC11: does not repeat what the receiver repeats of the secrets', async () => {
    const headers = { authorization: 'Bearer 0123456789abcdef' };
    receiver.failNext({ status: 400, body: `${receiver.url} said 0123456789abcdef` });
    expect(await send({ headers })).toMatchObject({ answer: { excerpt: '*** said ***' } });
  });

  it('SEC2: goes to no address that the policy refuses', async () => {
    const strict = createEgress(egressPolicy({ purpose: 'provider', allow: [], ownEndpoints: [] }));
    expect(await send({}, { egress: strict })).toMatchObject({
      result: 'permanent',
      reason: 'address_refused',
    });
  });
});

describe('N8: signatures', () => {
  it('are accepted by a receiver that checks them', async () => {
    const signingSecret = secret();
    const checking = await startWebhookFake({ secrets: [signingSecret] });
    try {
      expect(await send({ url: checking.url, signingSecret })).toMatchObject({ result: 'delivered' });
      expect(await send({ url: checking.url, signingSecret: secret() })).toMatchObject({
        reason: 'http_401',
      });
    } finally {
      await checking.stop();
    }
  });

  it('are verified by an independent implementation, whatever is in the body', () => {
    const signingSecret = secret();
    const verifier = new Webhook(signingSecret);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (title, id) => {
        const body = webhookBody({ ...message, title }, '');
        const headers = webhookHeaders({
          id,
          body,
          signingSecret,
          method: 'POST',
          headers: {},
          now: new Date().toISOString(),
        });
        expect(verifier.verify(body, headers)).toMatchObject({ title });
      }),
      { numRuns: 1000 },
    );
  });

  it('hold with the old secret and the new one while one replaces the other', () => {
    const [before, after] = [secret(), secret()];
    const body = webhookBody(message, '');
    const headers = webhookHeaders({
      id: 'n-1',
      body,
      signingSecret: `${before} ${after}`,
      method: 'POST',
      headers: {},
      now: new Date().toISOString(),
    });
    for (const one of [before, after]) expect(new Webhook(one).verify(body, headers)).toBeTruthy();
    expect(() => new Webhook(secret()).verify(body, headers)).toThrow('No matching signature');
  });
});
