import { Command } from 'commander';
import { expect, it } from 'vitest';
import type { Context } from '../context.js';
import { argumentsOf, replayCommand } from './replay.command.js';

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

const parsed = (...args: string[]) => {
  const program = new Command().exitOverride();
  replayCommand(program, {} as Context);
  const [replay] = program.commands;
  replay?.action(() => undefined);
  program.parse(['replay', 'alerts', ...args], { from: 'user' });
  return replay?.opts<{ at?: string; diff?: string[] }>() ?? {};
};

it('takes ages for instants, as every other command does', () => {
  const { at = '' } = parsed('--to-schema', 'as_of', '--at', '15m');
  expect(Math.abs(Date.now() - 15 * 60_000 - Date.parse(at))).toBeLessThan(60_000);
  const { diff = [] } = parsed('--diff', '2026-01-31', 'now');
  expect(diff).toEqual(['2026-01-31T00:00:00.000Z', 'now']);
});
