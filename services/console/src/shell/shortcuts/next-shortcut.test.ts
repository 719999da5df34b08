import { describe, expect, it } from 'vitest';
import { NOTHING_TYPED, nameOf, nextShortcut } from './next-shortcut.js';

const NAMES = ['/', '?', 'mod+k', 'g m', 'g a'];
const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) =>
  nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });

/** @param keys each with the milliseconds at which it is pressed */
const typed = (keys: readonly (readonly [string, number])[]) => {
  let state = NOTHING_TYPED;
  return keys.map(([key, at]) => {
    const { found, typed: after } = nextShortcut(state, key, at, NAMES);
    state = after;
    return found;
  });
};

describe('shortcuts', () => {
  it('are one key, or two in turn', () => {
    expect(
      typed([
        ['/', 0],
        ['g', 10],
        ['m', 500],
      ]),
    ).toEqual(['/', undefined, 'g m']);
  });

  it('begin anew when the second key is late or another', () => {
    expect(
      typed([
        ['g', 0],
        ['m', 1_501],
      ]),
    ).toEqual([undefined, undefined]);
    expect(
      typed([
        ['g', 0],
        ['x', 100],
        ['m', 200],
      ]),
    ).toEqual([undefined, undefined, undefined]);
    expect(
      typed([
        ['g', 0],
        ['g', 100],
        ['a', 200],
      ]),
    ).toEqual([undefined, undefined, 'g a']);
  });

  it('know Ctrl and Cmd as the same, and leave Alt and named keys alone', () => {
    expect([press('K', { ctrlKey: true }), press('k', { metaKey: true })]).toEqual(['mod+k', 'mod+k']);
    expect([press('Escape'), press('k', { altKey: true })]).toEqual([undefined, undefined]);
  });
});
