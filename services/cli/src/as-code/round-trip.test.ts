import type { JsonObject, JsonValue } from '@tocsin/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { documents } from './documents.fixture.js';
import { asText } from './json.js';
import { startTocsin, type Tocsin } from './tocsin.fixture.js';

let tocsin: Tocsin;
beforeAll(async () => {
  tocsin = await startTocsin(inject('pgUrl'));
});
afterAll(() => tocsin?.stop());

/** What the exported file asks for, from what the first file was given, place by place. */
function environmentOf(exported: JsonObject, given: JsonObject, env: Readonly<Record<string, string>>) {
  const asked: Record<string, string> = {};
  const walk = (there: JsonValue | undefined, here: JsonValue | undefined): void => {
    if (typeof there === 'string') {
      const name = /^\$\{(\w+)\}$/.exec(there)?.[1];
      if (name === undefined || typeof here !== 'string') return;
      // Some settings are secret whatever they are: those are not from the environment of the first file
      const first = /^\$\{(\w+)\}$/.exec(here)?.[1];
      asked[name] = first === undefined ? here.replaceAll('$$', '$') : (env[first] ?? '');
    } else if (typeof there === 'object' && there !== null)
      for (const [key, value] of Object.entries(there)) walk(value, (here as JsonObject | undefined)?.[key]);
  };
  for (const [list, items] of Object.entries(exported))
    if (Array.isArray(items))
      for (const item of items as JsonObject[]) {
        const same = (given[list] as JsonObject[]).find((one) => one.name === item.name);
        walk(item, same);
      }
  return asked;
}

describe('P-as-code: whatever a file says', () => {
  it('apply, export, apply: the second changes nothing, and shows no secret', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async ({ document, env }) => {
        await tocsin.empty();
        const file = tocsin.file('first.json', JSON.stringify(document));
        const applied = await tocsin.cli(['apply', '-f', file], env);
        expect(applied).toMatchObject({ code: 0, stderr: '' });
        expect((await tocsin.cli(['plan', '-f', file], env)).code).toBe(0);

        const exported = await tocsin.cli(['export', '--set', asText(document.set)]);
        const again = tocsin.file('again.yaml', exported.stdout);
        const asked = environmentOf(parse(exported.stdout) as JsonObject, document, env);
        const planned = await tocsin.cli(['plan', '-f', again], asked);
        expect(planned).toMatchObject({ code: 0, stderr: '' });
        expect(`${applied.stdout}${exported.stdout}${planned.stdout}`).not.toContain('CANARY');
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
