import type { JsonValue } from '@tocsin/kernel';
import type { Current, Existing, Named } from './current.js';
import type { Kind } from './document.js';
import { asList, asObject, asText } from './json.js';

/** Something says the name of something else. */
export interface NamedBy {
  readonly of: 'provider' | 'test';
  readonly name: string;
  /** who says it, for messages */
  readonly by: string;
  /** files say so, and not what is there beside them */
  readonly isListed: boolean;
}

/** The names a thing says. */
export function namedBy(kind: Kind, thing: Named, isListed: boolean): NamedBy[] {
  const by = `${kind} "${thing.name}"`;
  const one = (of: NamedBy['of']) => (name: JsonValue) => ({ of, name: asText(name), by, isListed });
  const config = asObject(thing.config);
  return [
    ...asList(asObject(thing.alertConfig).notificationProviders).map(one('provider')),
    ...(kind === 'job' ? asList(thing.tests).map(one('test')) : []),
    ...(thing.type === 'synthetic_test' ? [config.test ?? ''].map(one('test')) : []),
  ];
}

interface Removed {
  readonly kind: Kind;
  readonly name: string;
  readonly existing: Existing;
}

/** @param named what is not in the files but named when all is done */
export function referenceProblems(
  named: readonly NamedBy[],
  current: Current,
  removed: readonly Removed[],
): string[] {
  return named.flatMap(({ of, name, by, isListed }) => {
    const found = current[of].filter(({ thing }) => thing.name === name);
    const isRemoved = removed.some((one) => one.kind === of && one.name === name);
    if (isRemoved)
      return [
        `${of} "${name}" is no longer in the files, but ${by} uses it${isListed ? '' : ', which is not of this set'}: list it again, or take it out there first`,
      ];
    if (!isListed) return [];
    if (found.length === 0) return [`${by}: there is no ${of} "${name}", neither in the files nor in Tocsin`];
    if (found.length > 1)
      return [
        `${by}: there are several ${of}s called "${name}": ${found.map(({ id }) => id).join(', ')}; rename all but one`,
      ];
    return [];
  });
}
