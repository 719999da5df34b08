import { leavesOf, pathText, type SourcePath, valueAt } from './source-path.js';

/**
 * `carried`: it is in the document as it was. `changed`: it is there in another form, or means something a little
 * different. `left`: it is not there, and something is missing without it. `unneeded`: it is not there and nothing is
 * missing, such as an id, a statistic, or a setting that was never set.
 */
export const OUTCOMES = ['left', 'changed', 'carried', 'unneeded'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A thing of the document by its kind and name. */
export interface Thing {
  readonly kind: 'provider' | 'variable' | 'test' | 'monitor' | 'job';
  readonly name: string;
}

export interface Entry {
  readonly source: SourcePath;
  readonly outcome: Outcome;
  readonly thing?: Thing;
  /** dotted path within the thing */
  readonly to?: string;
  /** how it changed, or why it was left */
  readonly note?: string;
  /** what a person does about it */
  readonly todo?: string;
}

type Key = string | SourcePath;

/** Accounts for the fields below one place of the source. */
export interface Account {
  readonly thing: Thing | undefined;
  carried(key: Key, to: string): void;
  changed(key: Key, to: string, how: string): void;
  left(key: Key, why: string, todo: string): void;
  unneeded(keys: string | readonly string[], why: string): void;
  /** For the fields that are there and of which nothing was said yet. */
  others(which: (key: string) => boolean, why: string): void;
}

export interface Ledger {
  at(path: SourcePath, thing?: Thing): Account;
  /** What went to `to`, or below it, of a thing is not there after all. */
  retract(thing: Thing, to: string, why: string, todo: string): void;
  /** All that is in the source: what nobody accounted for is reported as left. */
  entries(): Entry[];
}

const NOT_SET = 'not set';

export function createLedger(source: unknown): Ledger {
  let entries: Entry[] = [];
  /** of things that have no field of their own, so that their place accounts for nothing in it */
  const besides: Entry[] = [];
  const places = new Map<string, SourcePath>();
  /** all places of which, or of a part of which, something was told */
  const said = new Set<string>();

  function record(entry: Entry): void {
    const value = valueAt(source, entry.source);
    if (value === undefined) return;
    for (let length = 1; length <= entry.source.length; length++)
      said.add(JSON.stringify(entry.source.slice(0, length)));
    const nothing = entry.outcome === 'left' ? isOff(value) : isBlank(value);
    if (nothing && entry.outcome !== 'unneeded')
      entries.push({ source: entry.source, outcome: 'unneeded', note: NOT_SET });
    else entries.push(entry);
  }

  return {
    at(path, thing) {
      const of = thing === undefined ? {} : { thing };
      if (thing !== undefined && !places.has(`${thing.kind} ${thing.name}`))
        places.set(`${thing.kind} ${thing.name}`, path);
      const place = (key: Key): SourcePath => [...path, ...(typeof key === 'string' ? [key] : key)];
      return {
        thing,
        carried: (key, to) => record({ source: place(key), outcome: 'carried', ...of, to }),
        changed: (key, to, note) => record({ source: place(key), outcome: 'changed', ...of, to, note }),
        left: (key, note, todo) => record({ source: place(key), outcome: 'left', ...of, note, todo }),
        unneeded(keys, note) {
          for (const key of typeof keys === 'string' ? [keys] : keys)
            record({ source: place([key]), outcome: 'unneeded', ...of, note });
        },
        others(which, note) {
          const fields = valueAt(source, path);
          if (typeof fields !== 'object' || fields === null) return;
          for (const key of Object.keys(fields))
            if (!said.has(JSON.stringify(place(key))) && which(key))
              record({ source: place(key), outcome: 'unneeded', ...of, note });
        },
      };
    },

    retract(thing, to, note, todo) {
      const left = (from: SourcePath): Entry => ({ source: from, outcome: 'left', thing, note, todo });
      const ofThing = entries.filter((entry) => isThing(entry.thing, thing) && entry.to !== undefined);
      const gone = new Set(ofThing.filter((entry) => isWithin(entry.to, to)));
      entries = entries.map((entry) => (gone.has(entry) ? left(entry.source) : entry));
      if (gone.size > 0) return;
      // Only a part of what came from one field, or something of which no field tells
      const around = ofThing.find((entry) => entry.to !== '' && isWithin(to, entry.to));
      if (around !== undefined) entries.push(left(around.source));
      else besides.push(left(places.get(`${thing.kind} ${thing.name}`) ?? []));
    },

    entries() {
      const known = new Set(entries.map(({ source: path }) => JSON.stringify(path)));
      const isKnown = (leaf: SourcePath) =>
        leaf.some((_, index) => known.has(JSON.stringify(leaf.slice(0, index + 1))));
      const unknown = [...leavesOf(source)].filter((leaf) => leaf.length > 0 && !isKnown(leaf));
      return [...entries, ...besides, ...unknown.map((leaf) => unaccounted(leaf, valueAt(source, leaf)))];
    },
  };
}

const unaccounted = (source: SourcePath, value: unknown): Entry =>
  isBlank(value)
    ? { source, outcome: 'unneeded', note: NOT_SET }
    : {
        source,
        outcome: 'left',
        note: 'this importer does not know it',
        todo: 'see whether you need it',
      };

const isThing = (one: Thing | undefined, other: Thing): boolean =>
  one?.kind === other.kind && one.name === other.name;

const isWithin = (path: string | undefined, of: string | undefined): boolean =>
  of === '' || path === of || path?.startsWith(`${of}.`) === true;

const isBlank = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  (typeof value === 'object' && [...leavesOf(value)].every((leaf) => leaf.length === 0));

/** Of what cannot be carried over: nothing is lost where it was switched off. */
const isOff = (value: unknown): boolean => isBlank(value) || value === false || value === 0;

export const entryText = ({ source, thing }: Entry): { field: string; thing: string } => ({
  field: pathText(source),
  thing: thing === undefined ? '' : `${thing.kind} ${thing.name}`,
});
