import type { AlertTarget, AlertType, ResolveReason } from '@tocsin/alerting';
import { assertNever } from '@tocsin/kernel';

/** What follows the name of the target. */
interface Predicates {
  readonly raised: string;
  readonly unmuted: string;
  readonly recovered: string;
  readonly past: string;
}

const DOWN: Predicates = {
  raised: 'is down',
  unmuted: 'is still down',
  recovered: 'is up again',
  past: 'was down',
};
const FAILING: Predicates = {
  raised: 'failed',
  unmuted: 'is still failing',
  recovered: 'passes again',
  past: 'was failing',
};
const SLOW: Predicates = {
  raised: 'timed out',
  unmuted: 'still times out',
  recovered: 'finishes in time again',
  past: 'timed out',
};
const EXPIRING: Predicates = {
  raised: 'has a certificate that expires soon',
  unmuted: 'still has a certificate that expires soon',
  recovered: 'has a fresh certificate',
  past: 'had a certificate about to expire',
};
const SUCCEEDED: Predicates = {
  raised: 'succeeded',
  unmuted: 'succeeded',
  recovered: 'succeeded',
  past: 'succeeded',
};
const BLIND: Predicates = {
  raised: 'cannot be checked',
  unmuted: 'still cannot be checked',
  recovered: 'can be checked again',
  past: 'could not be checked',
};

export function predicates(type: AlertType, kind: AlertTarget['kind']): Predicates {
  switch (type) {
    case 'failure':
      return kind === 'job' ? FAILING : DOWN;
    case 'timeout':
      return SLOW;
    case 'ssl_expiring':
      return EXPIRING;
    case 'success':
      return SUCCEEDED;
    case 'unobservable':
      return BLIND;
    default:
      return assertNever(type);
  }
}

/** What an end is told as: only a recovery may be called one (R8). */
export type EndKind = 'recovered' | 'ended' | 'closed';

export function endKind(reason: ResolveReason): EndKind {
  switch (reason) {
    case 'recovered':
      return 'recovered';
    case 'ended':
      return 'ended';
    case 'paused':
    case 'disabled':
    case 'deleted':
    case 'superseded':
      return 'closed';
    default:
      return assertNever(reason);
  }
}

/** The cause of an end that is no recovery: `the monitor was paused`. */
export function closingCause(reason: ResolveReason, kind: AlertTarget['kind']): string {
  switch (reason) {
    case 'paused':
      return `the ${kind} was paused`;
    case 'disabled':
      return `alerts of the ${kind} were disabled`;
    case 'deleted':
      return `the ${kind} was deleted`;
    case 'superseded':
      return 'another alert took its place';
    case 'recovered':
    case 'ended':
      return 'it is over';
    default:
      return assertNever(reason);
  }
}
