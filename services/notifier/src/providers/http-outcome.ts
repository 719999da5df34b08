import type { EgressErrorCode } from '@tocsin/egress';
import { type Instant, toMs } from '@tocsin/kernel';
import type { AttemptAnswer } from '@tocsin/notifying';
import { excerpt } from './excerpt.js';
import type { SendOutcome } from './provider.js';

/** What is read of an HTTP answer; an `Egress` answer is one. */
export interface HttpAnswer {
  readonly status: number;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface ReadOptions {
  /** when the answer came; what an HTTP-date in Retry-After is measured from */
  readonly now: Instant;
  /** strings that must not be repeated in the excerpt: URLs, tokens, header values */
  readonly secrets: readonly string[];
}

const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
/** Not now, says the receiver: everything else below 500 means never with this request. */
const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** Sends by `request` and says what became of it; whatever it throws is an outcome too. */
export async function httpOutcome(
  request: () => Promise<HttpAnswer>,
  options: ReadOptions,
): Promise<SendOutcome> {
  try {
    return answerOutcome(await request(), options);
  } catch (error) {
    return failureOutcome(error, options.secrets);
  }
}

/** Reads a status the way Standard Webhooks asks: only 2xx is success and redirects are never followed. */
export function answerOutcome({ status, headers, body }: HttpAnswer, options: ReadOptions): SendOutcome {
  const answer: AttemptAnswer = { status, excerpt: excerpt(body.toString('utf8'), options.secrets) };
  if (status >= 200 && status < 300) return { result: 'delivered', answer };
  if (status >= 300 && status < 400) {
    const told = `it redirects (${status}) and redirects are not followed: enter the final URL`;
    return { result: 'permanent', reason: 'redirected', answer: { status, excerpt: told } };
  }
  if (status === 410) return { result: 'permanent', reason: 'gone', disableProvider: true, answer };
  const reason = `http_${status}`;
  if (status >= 400 && status < 500 && !RETRY_STATUSES.has(status))
    return { result: 'permanent', reason, answer };
  return { result: 'retry', reason, answer, retryAfterMs: retryAfterMs(headers['retry-after'], options.now) };
}

/** Failures that the same settings will meet every time. */
const PERMANENT_CODES: ReadonlySet<string> = new Set<EgressErrorCode>([
  'address_refused',
  'invalid_url',
  'scheme_refused',
  'redirect_refused',
]);

/** There was no answer. All but a refused address may pass; a bug of ours is retried too rather than lose an alert. */
export function failureOutcome(error: unknown, secrets: readonly string[]): SendOutcome {
  const reason = codeOf(error) ?? 'unexpected_error';
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    reason === 'address_refused'
      ? '. To send to this address, add it or its network to TOCSIN_EGRESS_ALLOW'
      : '';
  const answer: AttemptAnswer = { status: 0, excerpt: excerpt(`${message}${hint}`, secrets) };
  return { result: PERMANENT_CODES.has(reason) ? 'permanent' : 'retry', reason, answer };
}

/**
 * Milliseconds asked for by a Retry-After in seconds or as an HTTP-date; at most 24 hours, so that a mistake of
 * the receiver does not silence it for ever. `undefined` when there is none to understand.
 */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  now: Instant,
): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim() ?? '';
  const asked = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : httpDateMs(text) - toMs(now);
  return Number.isNaN(asked) ? undefined : Math.ceil(Math.min(Math.max(asked, 0), MAX_RETRY_AFTER_MS));
}

// All three forms of an HTTP-date begin with a day's name; Date.parse alone would take `-5` for a year.
const httpDateMs = (text: string): number => (/^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN);

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
