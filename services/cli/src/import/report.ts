import type { JsonObject } from '@tocsin/kernel';
import { printable } from '../output/printable.js';
import { renderTable } from '../output/table.js';
import type { Imported } from './assemble.js';
import { type Entry, OUTCOMES, type Outcome } from './ledger.js';
import { pathText } from './source-path.js';

export const WORDS: Readonly<Record<Outcome, string>> = {
  left: 'not carried over',
  changed: 'changed',
  carried: 'carried over',
  unneeded: 'not needed',
};

const COLUMNS = [
  { title: 'THING', of: ({ thing }: Entry) => (thing === undefined ? '' : `${thing.kind} ${thing.name}`) },
  { title: 'FROM', of: ({ source }: Entry) => pathText(source) },
  { title: 'WAS', of: ({ outcome }: Entry) => WORDS[outcome] },
  { title: 'TO', of: ({ to }: Entry) => to ?? '' },
  { title: 'HOW, OR WHY', of: ({ note }: Entry) => note ?? '' },
  { title: 'WHAT TO DO', of: ({ todo }: Entry) => todo ?? '' },
];

/** What has to be seen first comes first. */
const sorted = (entries: readonly Entry[]): Entry[] =>
  entries.toSorted((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome));

/** A line for each, for a file: a thousand monitors have a hundred thousand fields. */
export const reportLines = (entries: readonly Entry[]): string =>
  sorted(entries)
    .map((entry) => COLUMNS.map(({ of }) => printable(of(entry)) || '-').join('\t'))
    .join('\n');

/** More than that nobody reads in a terminal. */
const MOST_ROWS = 200;

function shownTable(entries: readonly Entry[]): string {
  const shown = sorted(entries).slice(0, MOST_ROWS);
  if (shown.length === 0) return '';
  const more = entries.length - shown.length;
  const rest = more === 0 ? '' : `\nand ${more} more: --report FILE has them all\n`;
  return `${renderTable(shown, COLUMNS)}\n${rest}\n`;
}

/** For a person in front of a terminal: what changed and what is missing, of the rest the number. */
export function reportForPeople({ entries, secrets, environment, document }: Imported): string {
  const shown = entries.filter(({ outcome }) => outcome === 'left' || outcome === 'changed');
  const untold = new Set(secrets.filter(({ value }) => value === undefined).map(({ name }) => name));
  const names = environment.map((name) => `  ${name}${untold.has(name) ? ' (not told)' : ''}\n`);
  const asked =
    names.length === 0 ? '' : `\nSet in the environment before plan and apply:\n${names.join('')}`;
  return `${shownTable(shown)}${summaryOf(document)}\n${countsOf(entries)}\n${asked}`;
}

const LISTS = ['providers', 'variables', 'tests', 'monitors', 'jobs'] as const;

export const summaryOf = (document: JsonObject): string =>
  LISTS.map((list) => `${lengthOf(document[list])} ${list}`).join(', ');

export const countsOf = (entries: readonly Entry[]): string =>
  OUTCOMES.map(
    (outcome) => `${entries.filter((entry) => entry.outcome === outcome).length} ${WORDS[outcome]}`,
  ).join(', ');

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** The whole of it as data; secrets by their names alone. */
export const reportData = ({ entries, secrets, environment }: Imported) => ({
  entries: sorted(entries).map(({ source, thing, ...entry }) => ({
    source: pathText(source),
    ...(thing === undefined ? {} : { kind: thing.kind, name: thing.name }),
    ...entry,
  })),
  environment,
  secrets: secrets.map(({ name, thing, path, value }) => ({
    name,
    kind: thing.kind,
    of: thing.name,
    path,
    told: value !== undefined,
  })),
});
