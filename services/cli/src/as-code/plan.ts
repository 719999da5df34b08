import type { JsonObject } from '@tocsin/kernel';
import { type Current, type Existing, masked, type Named, secretsOf } from './current.js';
import { differences, type FieldChange } from './diff.js';
import { type Document, KINDS, type Kind, listOf } from './document.js';
import type { FromEnvironment } from './environment.js';
import { asText } from './json.js';
import { type NamedBy, namedBy, referenceProblems } from './references.js';

/** `adopt`: it is there, and belongs to this set from now on. */
export type Step =
  | { readonly action: 'create'; readonly kind: Kind; readonly name: string; readonly thing: Named }
  | (Change & { readonly action: 'update' | 'adopt' | 'unchanged' })
  | { readonly action: 'delete'; readonly kind: Kind; readonly name: string; readonly existing: Existing };

export interface Change {
  readonly kind: Kind;
  readonly name: string;
  readonly thing: Named;
  readonly existing: Existing;
  readonly changes: readonly FieldChange[];
  /** what is secret may differ where nothing else does: only the api can tell */
  readonly hasSecrets: boolean;
}

export interface Plan {
  readonly set: string | undefined;
  /** in an order in which everything names only what is there */
  readonly steps: readonly Step[];
  /** why nothing can be done */
  readonly problems: readonly string[];
  /** no longer in the files, but not to be removed */
  readonly kept: readonly { readonly kind: Kind; readonly name: string }[];
}

export interface PlanOptions {
  /** take over what is kept by hand, or by another set */
  readonly adopt: boolean;
  /** remove what this set made and no longer lists */
  readonly prune: boolean;
  readonly fromEnvironment?: (kind: Kind, name: string) => readonly FromEnvironment[];
}

/** What makes `current` what `document` says, and removes nothing that is not this set's own. */
export function plan(document: Document, current: Current, options: PlanOptions): Plan {
  const { set } = document;
  const problems: string[] = [];
  const listed = (kind: Kind) => document[listOf(kind)] as unknown as readonly Named[];
  const isListed = new Map(KINDS.map((kind) => [kind, new Set(listed(kind).map(({ name }) => name))]));

  const changes = KINDS.flatMap((kind) => listed(kind).flatMap((thing) => stepFor(kind, thing) ?? []));
  const gone = KINDS.toReversed().flatMap((kind) =>
    current[kind]
      .filter(({ managedBy, thing }) => managedBy === set && !isListed.get(kind)?.has(thing.name))
      .filter(() => set !== undefined)
      .map((existing) => ({ action: 'delete' as const, kind, name: existing.thing.name, existing })),
  );
  const removed = options.prune ? gone : [];
  problems.push(...referenceProblems(namedInTheEnd(), current, removed));
  return {
    set,
    steps: [...changes, ...removed],
    problems,
    kept: options.prune ? [] : gone.map(({ kind, name }) => ({ kind, name })),
  };

  function stepFor(kind: Kind, given: Named): Step | undefined {
    const thing = JSON.parse(JSON.stringify(given)) as Named;
    const { name } = thing;
    const [existing, ...others] = current[kind].filter((one) => one.thing.name === name);
    if (existing === undefined) return { action: 'create', kind, name, thing };
    const problem =
      others.length > 0
        ? `there are several of that name: ${[existing, ...others].map(({ id }) => id).join(', ')}; rename all but one`
        : (lastingProblem(existing.thing, thing) ?? ownerProblem(kind, existing, thing));
    if (problem !== undefined) {
      problems.push(`${kind} "${name}": ${problem}`);
      return undefined;
    }
    const changed = changesOf(kind, existing, thing);
    const isTaken = set !== undefined && existing.managedBy !== set;
    const action = isTaken ? 'adopt' : changed.length > 0 ? 'update' : 'unchanged';
    const hasSecrets = secretsOf(kind, thing).length > 0;
    return { action, kind, name, thing, existing, changes: changed, hasSecrets };
  }

  function changesOf(kind: Kind, existing: Existing, thing: Named): FieldChange[] {
    const from = options.fromEnvironment?.(kind, thing.name) ?? [];
    return differences(existing.thing, masked(kind, thing), from);
  }

  function ownerProblem(kind: Kind, existing: Existing, thing: Named): string | undefined {
    const { managedBy } = existing;
    if (managedBy === set || options.adopt) return undefined;
    if (managedBy === undefined) return 'it is kept by hand: --adopt takes it over';
    if (set !== undefined) return `it belongs to the set ${managedBy}: --adopt takes it over`;
    if (changesOf(kind, existing, thing).length === 0) return undefined;
    return `it belongs to the set ${managedBy}, and these files say something else: change it there`;
  }

  /** What is there when all is done, and which names it says. */
  function namedInTheEnd(): NamedBy[] {
    const there = KINDS.flatMap((kind) =>
      current[kind]
        .filter(
          ({ id, thing }) =>
            !isListed.get(kind)?.has(thing.name) && !removed.some((one) => one.existing.id === id),
        )
        .flatMap(({ thing }) => namedBy(kind, thing, false)),
    );
    const said = KINDS.flatMap((kind) => listed(kind).flatMap((thing) => namedBy(kind, thing, true)));
    const made = (kind: Kind, name: string) => isListed.get(kind)?.has(name) ?? false;
    return [...said, ...there].filter((one) => !made(one.of, one.name));
  }
}

/** What cannot be changed: whoever means another thing gives it another name. */
function lastingProblem(before: JsonObject, after: JsonObject): string | undefined {
  for (const field of ['type', 'kind'])
    if (before[field] !== after[field])
      return `its ${field} is ${asText(before[field])} and cannot become ${asText(after[field])}: give the new one another name`;
  if (before.secret !== undefined && after.secret === undefined && after.value !== undefined)
    return 'it is secret and stays so: delete it first, or give the new one another name';
  return undefined;
}

export const isEmpty = ({ steps }: Plan): boolean => steps.every(({ action }) => action === 'unchanged');
