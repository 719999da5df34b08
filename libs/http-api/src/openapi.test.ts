import { describe, expect, it } from 'vitest';
import { openApiDocument, routes } from './index.js';

const document = openApiDocument({ version: '0.1.0', serverUrl: 'http://127.0.0.1:3000' });
const text = JSON.stringify(document);

function at(pointer: string): unknown {
  return pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document);
}

describe('the document', () => {
  it('has every reference it makes', () => {
    const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
    expect(refs.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
  });

  it('has every route once, under a name of its own', () => {
    expect(new Set(routes.map(({ name }) => name)).size).toBe(routes.length);
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
  });

  it.each(routes)('describes $name with its parameters, body and answer', (route) => {
    const operation = document.paths?.[route.path]?.[route.method];
    expect(operation?.operationId).toBe(route.name);
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath);
    expect(operation?.requestBody !== undefined).toBe(route.body !== undefined);
    const answer = operation?.responses?.[`${route.answer.status}`] as {
      content?: Record<string, { schema: object }>;
    };
    const shown = Object.entries(answer.content ?? {}).map(([type, { schema }]) => [
      type,
      Object.keys(schema).length > 0,
    ]);
    expect(shown).toEqual(route.answer.contentType === undefined ? [] : [[route.answer.contentType, true]]);
  });
});
