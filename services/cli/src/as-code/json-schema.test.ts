import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documents } from './documents.fixture.js';
import { readScript, readSources } from './files.store.js';
import { editorSchema } from './json-schema.js';
import { load } from './load.js';
import { SHOP } from './shop.fixture.js';
import { commandLine } from './tocsin.fixture.js';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SCHEMA = at('schema/tocsin.schema.json');
const EXAMPLE = at('docs/example/tocsin.yaml');
const ENV = { SLACK_WEBHOOK: 'https://hooks.example/x', PAGER_TOKEN: 'x', SHOP_PASSWORD: 'x' };

const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (one: Ajv2020) => void)(ajv);
const isValid = ajv.compile(editorSchema());

describe('the JSON Schema for editors', () => {
  it('is the committed one (npx tocsin schema > services/cli/schema/tocsin.schema.json)', async () => {
    const { stdout } = await commandLine(['schema'], {});
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  });

  it('takes the example, and what tests apply, with places for the environment', () => {
    for (const text of [readFileSync(EXAMPLE, 'utf8'), SHOP]) {
      isValid(parse(text, { merge: true }));
      expect(isValid.errors).toBeNull();
    }
  });

  it('takes whatever a document can say', () => {
    fc.assert(
      fc.property(documents, ({ document }) => {
        isValid(document);
        expect(isValid.errors).toBeNull();
      }),
    );
  });

  it.each([
    [{}],
    [{ tocsin: 2 }],
    [{ tocsin: 1, colour: 'red' }],
    [{ tocsin: 1, monitors: [{ name: 'a', type: 'odd' }] }],
    [{ tocsin: 1, monitors: [{ name: 'a', type: 'port_check', target: 'x', config: {} }] }],
    [{ tocsin: 1, jobs: [{ name: 'a', managedBy: 'x' }] }],
  ])('marks %j', (document) => {
    expect(isValid(document)).toBe(false);
  });
});

it('the example of the documentation is a document, and the documentation shows all of it', () => {
  const loaded = load(readSources([at('docs/example')]), ENV, readScript);
  expect(loaded).toMatchObject({ document: { set: 'shop', monitors: { length: 4 }, tests: { length: 2 } } });
  expect(readFileSync(at('docs/configuration-as-code.md'), 'utf8')).toContain(readFileSync(EXAMPLE, 'utf8'));
});
