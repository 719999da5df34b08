import type { AttemptView, NotificationView } from '@tocsin/http-api';
import { assertNever } from '@tocsin/kernel';
import { eventWord, untoldBecause } from '../../parts/alert-words.js';
import { plural, words } from '../../parts/amounts.js';
import { Instant } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import classes from './alert.module.css';

/** One provider and what it was told: every attempt, with what the provider answered. */
export function NotificationEntry({ notification }: { readonly notification: NotificationView }) {
  const { providerId, providerName, attempts, state, nextAttemptAt } = notification;
  return (
    <>
      <strong>
        <TextLink to="/providers/$id" params={{ id: providerId }} inherit>
          {providerName}
        </TextLink>{' '}
        {summaryOf(notification)}
      </strong>
      {state === 'planned' && nextAttemptAt !== null && (
        <span className={classes.quiet}>
          {isPast(nextAttemptAt) ? (
            'The next attempt waits until the provider takes messages again.'
          ) : (
            <>
              Next attempt <Instant at={nextAttemptAt} />
            </>
          )}
        </span>
      )}
      {attempts.length > 0 && (
        <ul className={classes.attempts} aria-label={`Attempts at ${providerName}`}>
          {attempts.map((attempt) => (
            <Attempt key={attempt.number} {...attempt} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Some seconds are no wait: it is about to happen. */
const isPast = (at: string): boolean => Date.parse(at) < Date.now() - 10_000;

function summaryOf(notification: NotificationView): string {
  const { state, reason, attempts } = notification;
  const what = `the ${eventWord(notification)}`;
  switch (state) {
    case 'delivered':
      return attempts.length > 1
        ? `was told of ${what} after ${plural(attempts.length, 'attempt')}`
        : `was told of ${what}`;
    case 'muted':
      return `was not told of ${what}: ${untoldBecause(reason ?? 'muted')}`;
    case 'failed':
      return `could not be told of ${what}`;
    case 'planned':
      return attempts.length === 0 ? `is being told of ${what}` : `has not been told of ${what} yet`;
    default:
      return assertNever(state);
  }
}

const OUTCOMES: Record<AttemptView['outcome'], string> = {
  started: 'under way',
  delivered: 'delivered',
  not_now: 'not now',
  never: 'refused for good',
  interrupted: 'cut short, tried again',
};

function Attempt({ number, startedAt, outcome, status, excerpt, reason }: AttemptView) {
  const answer =
    status === null || status === 0 ? (reason === null ? '' : words(reason)) : `answered ${status}`;
  return (
    <li data-outcome={outcome}>
      Attempt {number}, <Instant at={startedAt} clock />: {OUTCOMES[outcome]}
      {answer === '' ? '' : ` (${answer})`}
      {excerpt !== '' && <code className={classes.excerpt}>{excerpt}</code>}
    </li>
  );
}
