import { hasReference } from '../draft.js';
import type { Account } from '../ledger.js';
import { type Condition, parseCondition, valuesOf } from './conditions.js';
import type { GatusEndpoint } from './config.js';

/** What became of one condition. */
export interface Say {
  implied(why: string): void;
  changed(to: string, how: string): void;
  unknown(): void;
  /** what it allows; undefined for patterns and what only the environment knows */
  values(condition: Condition): string[] | undefined;
}

const TODO = 'make it an api test with this assertion, or watch it in another way';

/** Goes through the conditions in their order; each is told of once. */
export function conditionsOf(
  { conditions = [] }: GatusEndpoint,
  account: Account,
  take: (condition: Condition, say: Say) => void,
): void {
  for (const [index, text] of conditions.entries()) {
    const key = ['conditions', index];
    const condition = parseCondition(text);
    const say: Say = {
      implied: (why) => account.changed(key, '', why),
      changed: (to, how) => account.changed(key, to, how),
      unknown: () => account.left(key, 'a check of this kind has no such condition', TODO),
      values: ({ right }) => (hasReference(right) ? undefined : valuesOf(right)),
    };
    if (condition === undefined) account.left(key, 'not a condition of Gatus', TODO);
    else take({ ...condition, left: placeholder(condition.left) }, say);
  }
}

/** Placeholders are the same in any case, what follows them is not. */
const placeholder = (text: string): string => text.replace(/^\[\w+\]/, (name) => name.toUpperCase());
