import { createHmac, timingSafeEqual } from 'node:crypto';
import { type FakeOptions, type ProviderFake, startProviderFake, type Verdict } from './provider-fake.js';
import type { FakeAnswer, FakeRequest } from './serve-http.js';

export interface ReceivedWebhook {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** as it came: what the signature covers */
  readonly rawBody: Buffer;
  /** `undefined` when the body is not JSON */
  readonly json: unknown;
}

export interface WebhookFake extends ProviderFake<ReceivedWebhook> {
  readonly url: string;
}

export interface WebhookOptions extends FakeOptions {
  /** `whsec_…`; what none of them signed is refused with 401. Several while a secret is rotated */
  readonly secrets?: readonly string[];
  /** the answer to an accepted request; 200 unless told */
  readonly answer?: FakeAnswer;
}

const TOLERANCE_SECONDS = 5 * 60;

/** A receiver of webhooks that verifies Standard Webhooks signatures (standardwebhooks.com, 1.0.0). */
export async function startWebhookFake(options: WebhookOptions = {}): Promise<WebhookFake> {
  const accepted: FakeAnswer = options.answer ?? { status: 200, body: 'received' };

  const read = (request: FakeRequest): Verdict<ReceivedWebhook> => {
    const problem = signatureProblem(request, options.secrets ?? []);
    if (problem !== undefined) return { problem, answer: { status: 401, body: problem } };
    const { at, method, path, headers, body: rawBody } = request;
    return {
      received: { at, method, path, headers, rawBody, json: parseJson(rawBody) },
      answer: accepted,
    };
  };
  const fake = await startProviderFake<ReceivedWebhook>({ read, tooMany }, options);
  return { ...fake, url: `${fake.origin}/hook` };
}

const tooMany = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(seconds)) },
});

/** Independent of the sender's code on purpose: two readings of the specification have to agree. */
function signatureProblem(
  { headers, body, at }: FakeRequest,
  secrets: readonly string[],
): string | undefined {
  if (secrets.length === 0) return undefined;
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const signatures = (headers['webhook-signature'] ?? '').split(' ');
  if (id === '' || id.includes('.')) return 'webhook-id is missing or contains a dot';
  if (!/^\d+$/.test(timestamp)) return 'webhook-timestamp is not in seconds';
  if (Math.abs(at / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return 'webhook-timestamp is not of now';
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const expected = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  });
  const matches = signatures
    .map((signature) => Buffer.from(signature))
    .some((got) => expected.some((want) => got.length === want.length && timingSafeEqual(got, want)));
  return matches ? undefined : 'webhook-signature does not match';
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
