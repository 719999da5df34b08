import { subjects } from '@tocsin/contracts';
import type { AttemptView, NotTold } from '@tocsin/http-api';
import { deliveryEventId, explainPlan } from '@tocsin/notifying';
import type { AlertFacts, LoggedAlertEvent, NotificationFact } from './alert-facts.store.js';
import { NOWHERE, type Step } from './steps.js';

const ALERT_EVENTS: Readonly<Record<string, string>> = {
  AlertRaised: 'alert.raised',
  AlertUnmuted: 'alert.unmuted',
  AlertResolved: 'alert.resolved',
};

const alertEventName = ({ type }: Pick<LoggedAlertEvent, 'type'>): string | undefined => ALERT_EVENTS[type];

const mutedUntil = ({ policy }: AlertFacts) => policy?.data.alertConfig.mutedUntil;

/** Plan, attempts and outcome of each provider for one alert event. */
export function tellingSteps(facts: AlertFacts, event: LoggedAlertEvent): Step[] {
  return facts.notifications
    .filter(
      ({ alertEventId, alertEvent }) => alertEventId === event.id || alertEvent === alertEventName(event),
    )
    .flatMap((one) => [
      ...(one.state === 'muted' ? [] : [planStep(one)]),
      ...one.attempts.map((attempt) => attemptStep(one, attempt)),
      ...(one.state === 'planned' ? [] : [outcomeStep(facts, one)]),
    ]);
}

const nameOf = ({ providerName, providerId }: NotificationFact) =>
  providerName === '' ? `provider ${providerId}` : providerName;

const planStep = (one: NotificationFact): Step => ({
  at: one.plannedAt,
  what: 'plan',
  code: one.state === 'planned' ? (one.reason ?? 'told') : 'told',
  sentence: `${nameOf(one)} ${explainPlan({ state: 'planned', reason: one.state === 'planned' ? one.reason : 'told' })}.`,
  ...NOWHERE,
});

const ATTEMPTS: Readonly<Record<AttemptView['outcome'], string>> = {
  started: 'is under way',
  delivered: 'was taken',
  not_now: 'was refused for now',
  never: 'was refused for good',
  interrupted: 'was cut short',
};

function attemptStep(one: NotificationFact, attempt: AttemptView): Step {
  const { number, startedAt, finishedAt, outcome, status, reason, excerpt } = attempt;
  const answer = [status === null || status === 0 ? '' : `answer ${status}`, reason ?? '', excerpt]
    .filter((part) => part !== '')
    .join(', ');
  return {
    at: finishedAt ?? startedAt,
    what: 'attempt',
    code: outcome,
    sentence: `Attempt ${number} at ${nameOf(one)} ${ATTEMPTS[outcome]}${answer === '' ? '' : `: ${answer}`}.`,
    ...NOWHERE,
    numbers: { attempt: number, ...(status === null ? {} : { status }) },
  };
}

function outcomeStep(facts: AlertFacts, one: NotificationFact): Step {
  const verb = one.state === 'planned' ? 'muted' : one.state;
  return {
    at: one.finishedAt ?? one.plannedAt,
    what: 'outcome',
    code: one.state === 'delivered' ? 'delivered' : (one.reason ?? one.state),
    sentence: `${nameOf(one)} ${sentenceOf(facts, one)}.`,
    eventId: deliveryEventId(one.id, verb, one.attemptCount),
    stream: 'DELIVERIES',
    subject: subjects.delivery(facts.project, one.providerKind || 'unknown', one.providerId, verb),
  };
}

const sentenceOf = (facts: AlertFacts, { state, reason }: NotificationFact): string =>
  explainPlan({ state, reason, mutedUntil: mutedUntil(facts) });

/** Whom nothing reached, event by event: muted, failed, and those of whom the notifier has said nothing. */
export function notToldOf(facts: AlertFacts): NotTold[] {
  return facts.events.flatMap((event) => {
    const alertEvent = alertEventName(event);
    if (alertEvent === undefined) return [];
    const about = facts.notifications.filter((one) => one.alertEvent === alertEvent);
    const base = { alertId: facts.id, alertEvent };
    const unreached = about
      .filter(({ state }) => state === 'muted' || state === 'failed')
      .map((one) => ({
        ...base,
        providerId: one.providerId,
        providerName: one.providerName,
        code: one.reason ?? one.state,
        sentence: `${nameOf(one)} ${sentenceOf(facts, one)}.`,
      }));
    return [...unreached, ...silentOf(facts, event, about).map((one) => ({ ...base, ...one }))];
  });
}

function silentOf(facts: AlertFacts, event: LoggedAlertEvent, about: readonly NotificationFact[]) {
  const named = 'providers' in event.data ? event.data.providers : [];
  if (named.length === 0 && about.length === 0)
    return [
      {
        providerId: null,
        providerName: '',
        code: 'no_providers',
        sentence: `Nobody was told: revision ${facts.policyRevision} names no notification provider.`,
      },
    ];
  const known = new Set(about.map(({ providerId }) => providerId));
  return named
    .filter((id) => !known.has(id))
    .map((id) => {
      const providerName = facts.providerNames.get(id) ?? '';
      return {
        providerId: id,
        providerName,
        code: 'not_planned_yet',
        sentence: `${providerName === '' ? `provider ${id}` : providerName} is still waiting: the notifier has not come to this event yet.`,
      };
    });
}
