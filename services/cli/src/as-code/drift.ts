import type { Actor } from '@tocsin/http-api';
import type { FieldChange } from './diff.js';
import type { Kind } from './document.js';
import type { ShownStep } from './show-plan.js';

/** A change of something, newest first in lists. */
export interface Hand {
  readonly at: string;
  readonly by: Actor;
  readonly network: string | null;
}

export interface Drifted {
  readonly kind: Kind;
  readonly name: string;
  readonly id?: string;
  /** `removed`: somebody deleted it */
  readonly how: 'changed' | 'removed' | 'added';
  /** from what the files say to what is there */
  readonly changes: readonly FieldChange[];
  readonly secrets?: 'changed' | 'sent';
  /** who did it since it was last applied, newest first; empty when that is not known */
  readonly hands: readonly Hand[];
}

/** Those who had their hands on it since this set was last applied to it. */
export const handsSince = (history: readonly Hand[], causes: string): readonly Hand[] => {
  const last = history.findIndex(({ by }) => by.cause?.startsWith(causes));
  return last === -1 ? history : history.slice(0, last);
};

/**
 * What others made of a difference between files and what is there.
 * @param history newest first; undefined when it is not known
 * @returns undefined when it is the files that went on, and were not applied yet
 */
export function driftOf(
  step: ShownStep,
  history: readonly Hand[] | undefined,
  causes: string,
): Drifted | undefined {
  const { kind, name, id, changes, secrets } = step;
  const about = { kind, name, ...(id === undefined ? {} : { id }) };
  const hands = handsSince(history ?? [], causes);
  if (history !== undefined && hands.length === 0) return undefined;
  const how = step.action === 'create' ? 'removed' : step.action === 'delete' ? 'added' : 'changed';
  return {
    ...about,
    how,
    changes: step.action === 'create' ? [] : changes.map(turned),
    ...(secrets === 'changed' ? { secrets } : {}),
    hands,
  };
}

/** A plan goes from what is there to what the files say, drift the other way. */
function turned(change: FieldChange): FieldChange {
  if ('from' in change) return change;
  const { path, before, after } = change;
  return {
    path,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}
