import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  environmentOf,
  fieldsOf,
  importedFrom,
  loaded,
  readBack,
  type Source,
  shownOf,
  sourceOf,
  textsOf,
  untold,
} from './accounting.fixture.js';
import { replaceReferences } from './draft.js';
import type { Importer } from './importer.js';
import { IMPORTERS } from './importers.js';
import { valueAt } from './source-path.js';

const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  'uptime-kuma': ['uptime-kuma/sample/backup.json'],
  gatus: ['gatus/sample/config.yaml'],
  healthchecks: ['healthchecks/sample/checks.json', 'healthchecks/sample/channels.json'],
  supercheck: ['monitors', 'jobs', 'tests', 'providers', 'variables'].map(
    (list) => `supercheck/sample/${list}.json`,
  ),
};

const cases = IMPORTERS.map((importer): [string, Importer, Source] => [
  importer.title,
  importer,
  sourceOf(
    importer,
    (SAMPLES[importer.name] ?? []).map((file) => `./${file}`),
  ),
]);

describe.each(cases)('a configuration of %s', (_, importer, source) => {
  const imported = importedFrom(importer, source);

  it('is told of to the last field', () => {
    expect(untold(source, imported)).toEqual([]);
    expect(imported.entries.filter(({ note }) => note === 'this importer does not know it')).toEqual([]);
  });

  it('says why of everything that was not carried over as it was, and what to do where something is missing', () => {
    const silent = imported.entries.filter(
      ({ outcome, note = '', todo = '' }) =>
        (outcome !== 'carried' && note === '') || (outcome === 'left' && todo === ''),
    );
    expect(silent).toEqual([]);
  });

  it('becomes a document that plan reads', () => {
    expect(loaded(imported)).not.toHaveProperty('problems');
  });

  it('has in the document, once the environment is in it, what is told to be carried over', () => {
    const document = readBack(imported);
    const env = environmentOf(imported);
    const filled = (value: unknown) => withEnvironment(value, env);
    const carried = imported.entries.filter(({ outcome }) => outcome === 'carried');
    expect(carried.length).toBeGreaterThan(5);
    for (const { source: from, thing, to } of carried) {
      const things = document[`${thing?.kind}s`] as { name: string }[];
      const made = things.find(({ name }) => name === thing?.name);
      const got = valueAt(made, keysOf(to ?? '', made));
      // A header or a tag that was made of something else may be beside it
      expect({ from, is: comparable(got) }).toMatchObject({
        from,
        is: comparable(filled(valueAt(source, from))),
      });
    }
  });

  it('names nothing that is not in the document', () => {
    const document = readBack(imported);
    for (const { outcome, thing, to } of imported.entries) {
      if (outcome !== 'carried' && outcome !== 'changed') continue;
      if (thing === undefined || to === undefined || to === '') continue;
      const things = document[`${thing.kind}s`] as { name: string }[];
      const made = things.find(({ name }) => name === thing.name);
      expect([thing.name, to, valueAt(made, keysOf(to, made))]).not.toContain(undefined);
    }
  });

  it('shows no secret anywhere', () => {
    const shown = shownOf(imported);
    const canaries = textsOf(source).flatMap((text) => text.match(/\w+-canary-[\w-]*\d/g) ?? []);
    expect(canaries.length).toBeGreaterThan(importer.name === 'healthchecks' ? -1 : 0);
    for (const canary of canaries) expect(shown).not.toContain(canary);
  });

  it('is told of to the last field, and read by plan, whatever somebody wrote into it', () => {
    const fields = fieldsOf(source);
    const change = fc.record({
      field: fc.constantFrom(...fields),
      value: fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const changed = structuredClone(source);
        for (const { field, value } of changes) put(changed, JSON.parse(field) as (string | number)[], value);
        const result = importedFrom(importer, changed);
        expect(untold(changed, result)).toEqual([]);
        expect(loaded(result)).not.toHaveProperty('problems');
      }),
      { numRuns: 30 },
    );
  }, 30_000);
});

function withEnvironment(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return replaceReferences(value, (name) => env[name] ?? '');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withEnvironment(item, env)]));
}

/** Keys of maps may have dots in them. */
function keysOf(to: string, thing: unknown): string[] {
  const keys: string[] = [];
  let rest = to;
  while (rest !== '') {
    const value = valueAt(thing, keys);
    const whole = typeof value === 'object' && value !== null && Object.hasOwn(value, rest);
    const key = whole ? rest : (rest.split('.')[0] ?? '');
    keys.push(key);
    rest = rest.slice(key.length + 1);
  }
  return keys;
}

/** The same said in another notation is the same: numbers and JSON in texts, lists with commas. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).join(',');
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
  const text = String(value).trim();
  if (!text.startsWith('{')) return text;
  try {
    return comparable(JSON.parse(text));
  } catch {
    return text;
  }
}

function put(source: Source, path: readonly (string | number)[], value: unknown): void {
  const parent = valueAt(source, path.slice(0, -1));
  if (typeof parent !== 'object' || parent === null) return;
  (parent as Record<string | number, unknown>)[path.at(-1) ?? ''] = value;
}
