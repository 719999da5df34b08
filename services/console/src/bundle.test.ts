import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const dist = path.resolve(import.meta.dirname, '../dist');
const read = (file: string) => readFileSync(path.join(dist, file));

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}
const manifest = JSON.parse(read('.vite/manifest.json').toString()) as Readonly<Record<string, Chunk>>;

/** A chunk and all that has to be there before it runs. */
function needed(name: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(name)) return known;
  known.add(name);
  for (const other of manifest[name]?.imports ?? []) needed(other, known);
  return known;
}

const gzipped = (names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + gzipSync(read(manifest[name]?.file ?? ''), { level: 9 }).length, 0);

const entry = needed('index.html');
const overview = new Set([...entry, ...needed('src/pages/overview/overview.page.tsx')]);

describe('what the first page loads', () => {
  it('is at most 250 kB of JavaScript, gzipped', () => {
    expect(gzipped(overview)).toBeLessThanOrEqual(250_000);
  });

  it('has no schemas, editors or charts: those come with the pages that need them', () => {
    const source = [...overview].map((name) => read(manifest[name]?.file ?? '').toString()).join('\n');
    for (const trace of ['invalid_union', 'cm-editor', 'u-over', 'CronPattern'])
      expect({ trace, isThere: source.includes(trace) }).toEqual({ trace, isThere: false });
  });

  it('runs no script but from files of its own', () => {
    const html = read('index.html').toString();
    expect([...html.matchAll(/<script(?![^>]*\ssrc="\/)[^>]*>/g)]).toEqual([]);
    expect(html).not.toMatch(/\son\w+=|https?:\/\//);
  });
});
