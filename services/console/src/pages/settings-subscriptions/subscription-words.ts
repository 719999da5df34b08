import type { SubscriptionView } from '@tocsin/http-api';
import { countText, words } from '../../parts/amounts.js';

type EventType = SubscriptionView['eventTypes'][number];

/** What each type tells, for who chooses. */
export const TYPE_WORDS: Readonly<Record<EventType, string>> = {
  AlertRaised: 'An alert was raised',
  AlertUnmuted: 'A muted alert began to be told',
  AlertResolved: 'An alert is over',
  AlertAcknowledged: 'Somebody is on it',
  PolicyChanged: 'When to alert was changed',
  StatusChanged: 'A monitor or job changed its status',
};

const WHY = {
  by_a_person: 'Switched off; what happens meanwhile is sent once it is on again.',
  gone: 'The receiver answered that it is gone (410). Nothing is sent until somebody has it go on.',
  failing_too_long: 'It failed for too long. Nothing is sent until somebody has it go on.',
} as const;

/** Why it stands as it does, in a sentence; nothing while all is well. */
export function standingText({ state, delivery }: Pick<SubscriptionView, 'state' | 'delivery'>): string {
  if (state === 'disabled') return delivery.disabledReason === null ? '' : WHY[delivery.disabledReason];
  if (state === 'delivering' || delivery.lastAnswer === null) return '';
  const { status, reason } = delivery.lastAnswer;
  return status === 0 ? `There was no answer: ${words(reason)}.` : `The last answer was ${status}.`;
}

/** null: the log could not be asked */
export const behindText = (behind: number | null): string =>
  behind === null ? 'not known' : behind === 0 ? 'nothing' : countText(behind);
