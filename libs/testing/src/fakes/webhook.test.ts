import { Webhook } from 'standardwebhooks';
import { afterEach, expect, it } from 'vitest';
import { startWebhookFake, type WebhookFake } from './webhook.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
let fake: WebhookFake | undefined;
afterEach(() => fake?.stop());

const send = (url: string, secret: string, body: string, at = new Date()) =>
  fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
    },
  });

it('keeps what came, byte for byte', async () => {
  fake = await startWebhookFake();
  await fetch(fake.url, { method: 'PUT', body: '{"a": "ü"}', headers: { 'x-mine': '1' } });
  expect(fake.received[0]).toMatchObject({ method: 'PUT', path: '/hook', json: { a: 'ü' } });
  expect(fake.received[0]?.rawBody.toString()).toBe('{"a": "ü"}');
  expect(fake.received[0]?.headers['x-mine']).toBe('1');
});

it('agrees with another implementation about signatures', async () => {
  fake = await startWebhookFake({ secrets: [OTHER, SECRET] });
  expect((await send(fake.url, SECRET, '{"a":"ü"}')).status).toBe(200);
  expect((await send(fake.url, 'whsec_AAAAr8GKYqrTwjUPD8ILPZIo2LaLaSw=', '{}')).status).toBe(401);
  expect((await send(fake.url, SECRET, '{}', new Date(Date.now() - 3_600_000))).status).toBe(401);
  expect((await fetch(fake.url, { method: 'POST', body: '{}' })).status).toBe(401);
  expect(fake.received).toHaveLength(1);
});

it('can be a black hole', async () => {
  fake = await startWebhookFake();
  fake.fail('hang');
  await expect(
    fetch(fake.url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(100) }),
  ).rejects.toThrow('timeout');
});
