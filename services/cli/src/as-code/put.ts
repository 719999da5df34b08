import type { JsonObject } from '@tocsin/kernel';
import type { Current } from './current.js';
import { KINDS, type Kind } from './document.js';
import { inputOf } from './input.js';
import type { Step } from './plan.js';

/** Names as the api knows them; grows with what is made. */
export type Ids = Map<string, string>;

export const idsOf = (current: Current): Ids =>
  new Map(KINDS.flatMap((kind) => current[kind].map(({ id, thing }) => [keyOf(kind, thing.name), id])));

export const keyOf = (kind: Kind, name: string): string => `${kind} ${name}`;

/** What is sent for a thing that is made or changed: a mute that somebody set goes on. */
export function bodyOf(
  step: Exclude<Step, { readonly action: 'delete' }>,
  set: string | undefined,
  ids: Ids,
): JsonObject {
  const reference = (kind: Kind) => (name: string) => ids.get(keyOf(kind, name)) ?? name;
  const input = inputOf(step.kind, step.thing, { provider: reference('provider'), test: reference('test') });
  const mutedUntil = step.action === 'create' ? undefined : step.existing.mutedUntil;
  return {
    ...input,
    ...(mutedUntil === undefined
      ? {}
      : { alertConfig: { ...(input.alertConfig as JsonObject), mutedUntil } }),
    ...(set === undefined ? {} : { managedBy: set }),
  };
}
