import { EgressError } from '@tocsin/egress';
import { excerpt } from '../excerpt.js';
import { failureOutcome } from '../http-outcome.js';
import type { SendOutcome } from '../provider.js';

/** One recipient that the server would not take. */
interface Refusal {
  readonly recipient: string;
  /** SMTP reply code; 0 when there was none */
  readonly code: number;
  readonly reply: string;
}

/** Some of the recipients at least were accepted: people heard, and the others are named. */
export function acceptedOutcome(
  info: { readonly response: string; readonly rejectedErrors?: readonly unknown[] | undefined },
  secrets: readonly string[],
): SendOutcome {
  const told = [info.response, ...refusedNote(refusals(info))].join('; ');
  return {
    result: 'delivered',
    answer: { status: replyCode(info.response), excerpt: excerpt(told, secrets) },
  };
}

/** Nothing was accepted, or nobody knows: a connection lost after the last dot is tried again under the same id. */
export function smtpFailure(error: unknown, secrets: readonly string[]): SendOutcome {
  if (error instanceof EgressError) return failureOutcome(error, secrets);
  const refused = refusals(error);
  if (refused.length > 0) return refusedByAll(refused, secrets);
  const code = numberOf(error, 'responseCode');
  const message = error instanceof Error ? error.message : String(error);
  const answer = { status: code, excerpt: excerpt(message, secrets) };
  const mailerCode = textOf(error, 'code');
  const permanent = code === 0 ? NEVER_VALID.has(mailerCode) : property(error, 'permanent') === true;
  const reason = code === 0 ? unansweredReason(error, mailerCode) : `smtp_${code}`;
  return { result: permanent ? 'permanent' : 'retry', reason, answer };
}

/** The mailer itself found fault with the letter or the credentials, before the server said anything. */
const NEVER_VALID: ReadonlySet<string> = new Set(['EAUTH', 'EENVELOPE', 'EMESSAGE']);

const REASONS: Readonly<Record<string, string>> = {
  EAUTH: 'smtp_authentication',
  EENVELOPE: 'smtp_envelope',
  EMESSAGE: 'smtp_message',
  ETLS: 'tls_failed',
  ETIMEDOUT: 'timeout',
  EABORT: 'timeout',
  ECONNECTION: 'connection_lost',
  ESOCKET: 'connection_lost',
};

// The mailer files a certificate that nobody vouches for under broken sockets; only Node's own code tells.
const CERTIFICATE_CODE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/;

function unansweredReason(error: unknown, mailerCode: string): string {
  if (CERTIFICATE_CODE.test(textOf(error, 'originalCode'))) return 'tls_failed';
  return REASONS[mailerCode] ?? 'smtp_failed';
}

/** One recipient that may be taken later (greylisting, full mailbox) is worth another try for all. */
function refusedByAll(refused: readonly Refusal[], secrets: readonly string[]): SendOutcome {
  const later = refused.find(({ code }) => code < 500);
  const status = (later ?? refused[0])?.code ?? 0;
  const answer = { status, excerpt: excerpt(refusedNote(refused).join(''), secrets) };
  const reason = later === undefined ? 'recipients_refused' : 'recipients_deferred';
  return { result: later === undefined ? 'permanent' : 'retry', reason, answer };
}

function refusedNote(refused: readonly Refusal[]): readonly string[] {
  if (refused.length === 0) return [];
  return [`refused: ${refused.map(({ recipient, reply }) => `${recipient} (${reply})`).join(', ')}`];
}

function refusals(from: unknown): readonly Refusal[] {
  const list: unknown = property(from, 'rejectedErrors');
  if (!Array.isArray(list)) return [];
  return list.map((error: unknown) => ({
    recipient: textOf(error, 'recipient'),
    code: numberOf(error, 'responseCode'),
    reply: textOf(error, 'response'),
  }));
}

const replyCode = (response: string): number => Number(/^\d{3}/.exec(response)?.[0] ?? 0);

function property(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[name] : undefined;
}

function textOf(from: unknown, name: string): string {
  const value = property(from, name);
  return typeof value === 'string' ? value : '';
}

function numberOf(from: unknown, name: string): number {
  const value = property(from, name);
  return typeof value === 'number' ? value : 0;
}
