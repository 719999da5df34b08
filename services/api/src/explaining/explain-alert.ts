import type { AlertAcknowledged, AlertRaised, AlertResolved, AlertUnmuted } from '@tocsin/alerting';
import type { AlertExplanation } from '@tocsin/http-api';
import { assertNever } from '@tocsin/kernel';
import type { AlertFacts, LoggedAlertEvent } from './alert-facts.store.js';
import { inStream, policyStep, resultPlace, resultSentence, type Step } from './steps.js';
import { notToldOf, tellingSteps } from './tell.js';

/** From the checks to the last attempt: each link with the event that says so. */
export function explainAlert(facts: AlertFacts): AlertExplanation {
  const notTold = notToldOf(facts);
  return {
    alertId: facts.id,
    sentence: sentenceOf(facts),
    steps: [
      ...(facts.policy === undefined ? [] : [policyStep(facts.policy, facts.changedBy, facts.raisedAt)]),
      ...resultSteps(facts, facts.evidence),
      ...facts.events.flatMap((event) => [
        ...(event.type === 'AlertResolved' ? resultSteps(facts, facts.resolvedEvidence) : []),
        alertStep(facts, event),
        ...tellingSteps(facts, event),
      ]),
    ],
    notTold,
  };
}

const resultSteps = (facts: AlertFacts, evidence: AlertFacts['evidence']): Step[] =>
  evidence.map((one) => ({
    at: one.finishedAt,
    what: 'result',
    code: one.outcome,
    sentence: resultSentence(facts.targetKind, one),
    ...resultPlace(facts, one.eventId),
  }));

function alertStep(facts: AlertFacts, event: LoggedAlertEvent): Step {
  const place = { at: event.time, ...inStream('ALERTS', event) };
  switch (event.type) {
    case 'AlertRaised':
      return {
        ...place,
        what: 'decision',
        code: (event.data as AlertRaised).reason,
        sentence: raisedSentence(facts, event.data as AlertRaised),
        numbers: numbersOf(facts, event.data as AlertRaised),
      };
    case 'AlertUnmuted': {
      const { unmutedAt } = event.data as AlertUnmuted;
      return {
        ...place,
        what: 'alert',
        code: 'unmuted',
        sentence: `It was still wrong at ${unmutedAt} and no longer to be kept quiet: told now.`,
      };
    }
    case 'AlertAcknowledged': {
      const { acknowledgedBy, note } = event.data as AlertAcknowledged;
      return {
        ...place,
        what: 'alert',
        code: 'acknowledged',
        sentence: `${acknowledgedBy} said that they are on it${note === '' ? '' : `: ${note}`}.`,
      };
    }
    case 'AlertResolved':
      return {
        ...place,
        what: 'alert',
        code: (event.data as AlertResolved).reason,
        sentence: `It ended at ${event.time}: ${ENDS[(event.data as AlertResolved).reason]}.`,
      };
    case 'PolicyChanged':
      return { ...place, what: 'policy', code: 'policy_changed', sentence: 'The configuration changed.' };
    default:
      return assertNever(event.type);
  }
}

const ENDS: Readonly<Record<AlertResolved['reason'], string>> = {
  recovered: 'enough checks succeeded',
  paused: 'it was paused',
  disabled: 'its alerts were disabled',
  deleted: 'it was deleted',
  ended: 'it is over',
  superseded: 'by a new configuration it is no alert any more',
};

const UNTOLD: Readonly<Record<string, string>> = {
  failure_not_wanted: 'alerts on failure are switched off',
  type_not_wanted: 'this type of alert is switched off',
};

function raisedSentence(facts: AlertFacts, raised: AlertRaised): string {
  const threshold = facts.policy?.data.alertConfig.failureThreshold;
  const why = {
    threshold_reached:
      threshold === undefined ? 'the threshold was reached' : `the threshold of ${threshold} was reached`,
    certificate_expiring: 'the certificate came into its warning period',
    not_observable: 'too many checks in a row could not be made',
  }[raised.reason];
  const where = raised.locations.length > 1 ? ` at ${raised.locations.length} locations` : '';
  return `Raised at ${raised.raisedAt}: ${why}${where}${untoldOf(facts, raised.untold)}.`;
}

function untoldOf(facts: AlertFacts, untold: string | undefined): string {
  if (untold === undefined) return '';
  const until = facts.policy?.data.alertConfig.mutedUntil;
  const why = untold === 'muted' ? `muted${until === undefined ? '' : ` until ${until}`}` : UNTOLD[untold];
  return `; kept on the log and told to nobody, ${why ?? untold}`;
}

const numbersOf = ({ policy, locations }: AlertFacts, { evidence }: AlertRaised) => ({
  ...(policy === undefined ? {} : { failureThreshold: policy.data.alertConfig.failureThreshold }),
  failures: evidence.length,
  locations: locations.length,
});

function sentenceOf(facts: AlertFacts): string {
  const raised = facts.events.find(({ type }) => type === 'AlertRaised')?.data as AlertRaised | undefined;
  const begun = raised === undefined ? `Raised at ${facts.raisedAt}.` : raisedSentence(facts, raised);
  const told = [
    ...new Set(
      facts.notifications
        .filter(({ state, alertEvent }) => state === 'delivered' && alertEvent !== 'alert.resolved')
        .map(({ providerName }) => providerName),
    ),
  ];
  if (told.length > 0) return `${begun} Told to ${told.join(', ')}.`;
  return raised?.untold === undefined ? `${begun} Nobody has been told so far.` : begun;
}
