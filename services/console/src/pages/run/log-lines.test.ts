import type { RunOutputChunk } from '@tocsin/http-api';
import { describe, expect, it } from 'vitest';
import { EMPTY_LOG, logText, plain, withChunks } from './log-lines.js';

const chunk = (text: string, testId: string | null = 'a'): RunOutputChunk => ({
  at: '2026-01-31T12:00:00.000Z',
  testId,
  source: 'stdout',
  text,
});
const texts = (...chunks: RunOutputChunk[]) => withChunks(EMPTY_LOG, chunks).lines.map(({ text }) => text);

describe('the output of a run', () => {
  it('is cut into lines wherever its chunks end', () => {
    expect(texts(chunk('one\ntw'), chunk('o\nthree'))).toEqual(['one', 'two', 'three']);
  });

  it('keeps empty lines', () => {
    expect(texts(chunk('one\n\ntwo\n'))).toEqual(['one', '', 'two']);
  });

  it('lets each speaker end its own line', () => {
    expect(texts(chunk('half'), chunk('other\n', 'b'), chunk(' done\nnext'))).toEqual([
      'half done',
      'other',
      'next',
    ]);
  });

  it('holds the last lines, with their numbers from the beginning', () => {
    const first = withChunks(EMPTY_LOG, [chunk('1\n2\n3\nfo')], 2);
    const log = withChunks(first, [chunk('ur\n5\n')], 2);
    expect(log.lines.map(({ number, text }) => [number, text])).toEqual([
      [4, 'four'],
      [5, '5'],
    ]);
    expect(log.dropped).toBe(3);
  });

  it('is shown without colours, titles of terminals and what was written over', () => {
    expect(plain('\u001B[32m✓\u001B[39m passed\u001B[0K')).toBe('✓ passed');
    expect(plain('\u001B]0;title\u0007text')).toBe('text');
    expect(plain('10 %\r 50 %\r100 %\r')).toBe('100 %');
    expect(plain('bell\u0007')).toBe('bell');
  });

  it('can be saved as text', () => {
    expect(logText(withChunks(EMPTY_LOG, [chunk('\u001B[1mone\u001B[0m\ntwo')]).lines)).toBe('one\ntwo\n');
  });
});
