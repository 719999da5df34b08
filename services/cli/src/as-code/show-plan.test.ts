import { MASK } from '@tocsin/http-api';
import { describe, expect, it } from 'vitest';
import type { FieldChange } from './diff.js';
import { differences } from './diff.js';
import { type ShownStep, showChange, showStep } from './show-plan.js';

describe('a change, for people', () => {
  it.each<[FieldChange, string]>([
    [{ path: ['intervalSeconds'], before: 60, after: 30 }, 'intervalSeconds: 60 → 30'],
    [{ path: ['config', 'body'], after: 'x' }, 'config.body: (nothing) → x'],
    [{ path: ['tags'], before: ['a'], after: ['a', 'b'] }, 'tags: ["a"] → ["a","b"]'],
    [{ path: ['config', 'auth', 'token'], after: MASK }, 'config.auth.token: (nothing) → (secret)'],
    [{ path: ['config', 'auth'], before: { token: MASK } }, 'config.auth: {"token":(secret)} → (nothing)'],
    [{ path: ['target'], from: ['HOST', 'PORT'] }, 'target: (from HOST, PORT)'],
    [
      { path: ['definition', 'script'], before: 'a\nb\nc', after: 'a\nB\nc\nd' },
      'definition.script: 3 → 4 lines, from line 2: b → B',
    ],
    [
      { path: ['description'], after: 'x'.repeat(200) },
      `description: (nothing) → ${'x'.repeat(100)}… (200 characters)`,
    ],
  ])('%j', (change, line) => {
    expect(showChange(change)).toBe(line);
  });

  const step: ShownStep = { action: 'delete', kind: 'monitor', name: 'a\u001b[31m\u202eb\nc', changes: [] };

  it('lets no name steer the terminal', () => {
    expect(showStep(step, false)).toEqual(['- monitor a b c']);
  });

  it('has colours only when they are welcome', () => {
    expect(showStep(step, true)).toEqual(['\u001b[31m- monitor a b c\u001b[39m']);
  });
});

describe('differences', () => {
  it('go as deep as things can be told apart, and tell nothing of what came from the environment', () => {
    const before = { a: { b: 1, c: [1] }, steps: [{ url: 'x' }, { url: 'y' }], gone: true };
    const after = { a: { b: 2, c: [1, 2] }, steps: [{ url: 'z' }], new: 'CANARY' };
    const from = [
      { path: ['new'], variables: ['NEW'] },
      { path: ['a', 'c', 1], variables: ['C'] },
    ];
    expect(differences(before, after, from)).toEqual([
      { path: ['a', 'b'], before: 1, after: 2 },
      { path: ['a', 'c'], from: ['C'] },
      { path: ['steps', 0, 'url'], before: 'x', after: 'z' },
      { path: ['steps', 1], before: { url: 'y' } },
      { path: ['gone'], before: true },
      { path: ['new'], from: ['NEW'] },
    ]);
  });
});
