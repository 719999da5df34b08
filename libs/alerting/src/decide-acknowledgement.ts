import type { Instant } from '@tocsin/kernel';
import type { Decision } from './decision.js';
import { evolve } from './evolve.js';
import { type AlertEvent, openTypes, type TargetState } from './target-state.js';

/** Somebody says "I have seen it". */
export interface Acknowledgement {
  readonly alertId: string;
  readonly acknowledgedAt: Instant;
  readonly acknowledgedBy: string;
  readonly note: string;
}

/** Only an open alert can be acknowledged, and once: the first to say so is who the others see. */
export function decideAcknowledgement(
  given: Acknowledgement,
  before: TargetState,
  position: number,
): Decision {
  const type = openTypes(before).find((open) => before.episodes[open]?.alertId === given.alertId);
  const episode = type === undefined ? undefined : before.episodes[type];
  if (episode === undefined || before.policy === undefined)
    return { events: [], state: before, reason: 'alert_not_open' };
  if (episode.acknowledgedAt !== undefined)
    return { events: [], state: before, reason: 'already_acknowledged' };
  const { project, target } = before.policy;
  const event: AlertEvent = {
    type: 'AlertAcknowledged',
    data: { ...given, project, target, position },
  };
  return { events: [event], state: evolve(before, event), reason: 'acknowledged' };
}
