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
  /** `missing`: somebody removed it, or it is new in the files: nobody could say */
  readonly how: 'changed' | 'removed' | 'missing' | 'added';
  /** from what the files say to what is there */
  readonly changes: readonly FieldChange[];
  readonly secrets?: 'changed';
  /** whose it is now instead; null: it is kept by hand */
  readonly belongsTo?: string | null;
  /** who did it since it was last applied, newest first; empty when that is not known */
  readonly hands: readonly Hand[];
}

/** Those who had their hands on it since this set was last applied to it. */
const handsSince = (history: readonly Hand[], causes: string): readonly Hand[] => {
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
  const { kind, name, id, changes, secrets, belongedTo } = step;
  const about = { kind, name, ...(id === undefined ? {} : { id }) };
  const hands = handsSince(history ?? [], causes);
  if (history !== undefined && hands.length === 0) return undefined;
  return {
    ...about,
    how: howOf(step, history !== undefined),
    changes: step.action === 'create' ? [] : changes.map(turned),
    ...(secrets === 'changed' ? { secrets } : {}),
    ...(belongedTo === undefined ? {} : { belongsTo: belongedTo }),
    hands,
  };
}

function howOf({ action }: ShownStep, isKnown: boolean): Drifted['how'] {
  if (action === 'create') return isKnown ? 'removed' : 'missing';
  return action === 'delete' ? 'added' : 'changed';
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
