import { describe, expect, it } from 'vitest';
import { parseReplay } from './replay-options.js';

const NOW = '2026-02-01T00:00:00.000Z';
const parse = (...args: string[]) => parseReplay(args, () => NOW);

describe('what a replay is asked for', () => {
  it('is a schema to fold into, and what to do then', () => {
    expect(parse('--to-schema', 'next', '--compare', '--drop', '--json')).toEqual({
      toSchema: 'next',
      compare: true,
      swap: false,
      drop: true,
      at: undefined,
      diff: undefined,
      json: true,
    });
    expect(parse('--to-schema', 'then', '--at', '2026-01-31T12:00:00Z').at).toBe('2026-01-31T12:00:00.000Z');
  });

  it('is the difference of two instants, in any of its forms', () => {
    const wanted = ['2026-01-31T12:00:00.000Z', NOW];
    expect(parse('--diff', '2026-01-31T12:00:00Z', 'now').diff).toEqual(wanted);
    expect(parse('--at', '2026-01-31T12:00:00Z', '--diff', 'now').diff).toEqual(wanted);
  });

  it.each([
    ['nothing at all'],
    ['an unknown option', '--publish'],
    ['no instant', '--to-schema', 'then', '--at', 'yesterday'],
    ['a swap of the past', '--to-schema', 'then', '--at', NOW, '--swap'],
    ['one instant to compare', '--diff', NOW],
    ['a difference and more', '--diff', NOW, NOW, '--swap'],
    ['a word too many', '--to-schema', 'next', 'please'],
  ])('is refused when it is %s', (_what, ...args) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
