import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@tocsin/kernel';
import { parse } from 'yaml';
import { load } from '../as-code/load.js';
import { assemble, type Imported } from './assemble.js';
import { documentText } from './document-text.js';
import { readFile } from './files.store.js';
import type { Importer } from './importer.js';
import type { Entry } from './ledger.js';
import { merge } from './merge.js';
import { reportData, reportForPeople, reportLines } from './report.js';

export type Source = Record<string, unknown>;

export const sample = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const sourceOf = (importer: Importer, files: readonly string[]): Source =>
  files.map((file) => importer.recognise(readFile(sample(file)))).reduce(merge);

export const importedFrom = (importer: Importer, source: Source): Imported =>
  assemble(importer.map(source), 'taken-over');

/** What becomes of a draft's thing, by name. */
export function thingOf(imported: Imported, list: string, name: string): JsonObject {
  const things = imported.document[list] as JsonObject[] | undefined;
  const thing = things?.find((one) => one.name === name);
  if (thing === undefined)
    throw new Error(`no ${name} among ${JSON.stringify(things?.map((one) => one.name))}`);
  return thing;
}

/** What is told of a field of the source. */
export const toldOf = (imported: Imported, ...source: (string | number)[]): Entry[] =>
  imported.entries.filter((entry) => JSON.stringify(entry.source) === JSON.stringify(source));

/** Values for whatever the document asks, as their user would set them. */
export function environmentOf({ secrets, environment }: Imported): Record<string, string> {
  const plausible = (name: string) => {
    if (/URL/.test(name)) return 'https://told.example/x';
    if (name.endsWith('EMAILS')) return 'told@example.com';
    if (name.endsWith('BOTTOKEN')) return '1:told';
    return name.endsWith('CHATID') ? '1' : 'told';
  };
  return {
    ...Object.fromEntries(environment.map((name) => [name, plausible(name)])),
    ...Object.fromEntries(secrets.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
  };
}

/** The file as `plan` reads it, before it asks the api. */
export const loaded = (imported: Imported) =>
  load(
    [{ file: 'tocsin.yaml', text: documentText(imported, 'a test') }],
    environmentOf(imported),
    () => "import { test } from '@playwright/test';\n",
  );

/** Everything that is ever shown or written to a file that is not secret. */
export const shownOf = (imported: Imported): string =>
  [
    documentText(imported, 'a test'),
    reportForPeople(imported),
    reportLines(imported.entries),
    JSON.stringify(reportData(imported)),
  ].join('\n');

export const textsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

/** Paths of values, found otherwise than the importers find them. */
export function fieldsOf(source: Source): string[] {
  const fields: string[] = [];
  const places: [unknown, (string | number)[]][] = [[source, []]];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const [value, path] = place;
    const isParted = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
    if (!isParted) fields.push(JSON.stringify(path));
    else if (Array.isArray(value))
      for (const [key, item] of value.entries()) places.push([item, [...path, key]]);
    else for (const [key, item] of Object.entries(value)) places.push([item, [...path, key]]);
  }
  return fields;
}

/** Fields of which nothing is told: nobody would miss them before the night they are needed. */
export function untold(source: Source, { entries }: Imported): string[] {
  const told = new Set(entries.map((entry) => JSON.stringify(entry.source)));
  return fieldsOf(source).filter((field) => {
    const path = JSON.parse(field) as unknown[];
    return !path.some((_, index) => told.has(JSON.stringify(path.slice(0, index + 1))));
  });
}

/** The document as it is read, with what the environment has in it. */
export function readBack(imported: Imported): Readonly<Record<string, unknown>> {
  const read = loaded(imported);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.document;
}

export const yamlOf = (imported: Imported): unknown => parse(documentText(imported, 'a test'));
