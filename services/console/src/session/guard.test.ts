import { describe, expect, it } from 'vitest';
import { safeReturn } from './guard.js';
import { mayAs } from './session.js';

describe('where signing in leads back to', () => {
  it.each([
    ['/monitors?q=shop', '/monitors?q=shop'],
    ['//evil.example/', '/'],
    ['/\\evil.example/', '/'],
    ['https://evil.example/', '/'],
    ['javascript:alert(1)', '/'],
    ['/sign-in?to=/sign-in', '/'],
    [undefined, '/'],
  ])('%s becomes %s', (to, path) => {
    expect(safeReturn(to)).toBe(path);
  });
});

describe('roles', () => {
  it('may what those below them may', () => {
    expect(['viewer', 'editor', 'admin'].map((role) => mayAs(role as 'viewer', 'editor'))).toEqual([
      false,
      true,
      true,
    ]);
    expect(mayAs(undefined, 'viewer')).toBe(false);
  });
});
