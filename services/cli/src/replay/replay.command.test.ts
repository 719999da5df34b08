import { expect, it } from 'vitest';
import { argumentsOf } from './replay.command.js';

it('says to the service what it was told', () => {
  expect(argumentsOf({ toSchema: 'next', compare: true, drop: true }, true)).toEqual([
    '--to-schema',
    'next',
    '--compare',
    '--drop',
    '--json',
  ]);
  expect(argumentsOf({ diff: ['2026-01-01T00:00:00Z', 'now'] }, false)).toEqual([
    '--diff',
    '2026-01-01T00:00:00Z',
    'now',
  ]);
});
