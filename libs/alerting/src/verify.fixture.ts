import type { Instant } from '@tocsin/kernel';
import type { AlertEvent, Observation } from './index.js';
import {
  type Cause,
  createVerifier,
  type DecisionDifference,
  type JudgedBy,
  type LoggedAlert,
} from './index.js';
import { createStory, minute, type Step } from './story.fixture.js';

/** A target's life as it is logged: results with their sequences, decisions, and what led to those. */
export interface Log {
  readonly observed: readonly Observation[];
  readonly events: readonly AlertEvent[];
  readonly causes: readonly Cause[];
}

export function logOf(...script: Step[]): Log {
  const story = createStory();
  story.edit({});
  story.play(...script);
  const causes = story.events.flatMap((event, index): Cause[] => {
    const eventId = `cause ${index}`;
    const targetId = event.data.target.id;
    if (event.type === 'PolicyChanged') {
      const { position: _position, ...change } = event.data;
      return [{ kind: 'policy', eventId, targetId, revision: change.policyRevision, change: () => change }];
    }
    if (event.type !== 'AlertAcknowledged') return [];
    const { alertId, acknowledgedAt, acknowledgedBy, note } = event.data;
    return [
      {
        kind: 'acknowledgement',
        eventId,
        targetId,
        given: { alertId, acknowledgedAt, acknowledgedBy, note },
      },
    ];
  });
  return { observed: story.observed, events: story.events, causes };
}

export interface Verdict {
  readonly differences: readonly DecisionDifference[];
  readonly judged: readonly JudgedBy[];
}

/** @param from the first result that is kept */
export function verdictOn({ observed, events, causes }: Log, from = 1, withConfig = true): Verdict {
  const differences: DecisionDifference[] = [];
  const judged: JudgedBy[] = [];
  const first = observed[from - 1];
  const logged = events.map(
    (event, index): LoggedAlert => ({
      place: index + 1,
      eventId: `event ${index + 1}`,
      event,
      at: atOf(event),
    }),
  );
  const verifier = createVerifier({
    logged,
    causes: withConfig ? causes : undefined,
    resultsFrom: first === undefined ? Number.POSITIVE_INFINITY : from,
    knownSince: from === 1 ? undefined : (first?.finishedAt ?? minute(1e6)),
    onJudged: (_one, by) => void judged.push(by),
    onDifference: (difference) => void differences.push(difference),
  });
  observed.forEach((seen, index) => {
    if (index + 1 >= from) verifier.observe('target', seen, index + 1);
  });
  verifier.finish();
  return { differences, judged };
}

function atOf(event: AlertEvent): Instant {
  const { data } = event;
  if ('resolvedAt' in data) return data.resolvedAt;
  if ('unmutedAt' in data) return data.unmutedAt;
  if ('raisedAt' in data) return data.raisedAt;
  return 'acknowledgedAt' in data ? data.acknowledgedAt : data.changedAt;
}
