import { describe, expect, it } from 'vitest';
import { createMask } from '../mask.js';
import { createConsole } from './console.js';

const start = (shownBytes = 1_000) => {
  let shown = '';
  const said = createConsole(createMask(['hunter22']), shownBytes, (_, text) => {
    shown += text;
  });
  return { said, shown: () => shown };
};

describe('what a test says', () => {
  it('is shown and kept as it comes, letters that lie across two pieces included', () => {
    const { said, shown } = start();
    const bytes = Buffer.from('grüß dich');
    said.push('stdout', bytes.subarray(0, 3));
    said.push('stdout', bytes.subarray(3));
    expect(said.end().toString()).toBe('grüß dich');
    expect(shown()).toBe('grüß dich');
  });

  it('has no secrets in it, whatever lies between their letters', () => {
    const { said, shown } = start();
    for (const piece of ['hun', '\u001B[31m', 'ter', '22', '!\n']) said.push('stdout', Buffer.from(piece));
    said.push('stderr', Buffer.from('hunter'));
    said.note('left out: hunter22');
    expect(said.end().toString()).toBe(shown());
    expect(shown()).not.toContain('hunter22');
    expect(shown()).toContain('********!');
    expect(shown()).toContain('[left out: ********]');
  });

  it('is shown up to a bound, with one notice', () => {
    const { said, shown } = start(100);
    for (let line = 0; line < 50; line += 1) said.push('stdout', Buffer.from(`line ${line}\n`));
    expect(shown().match(/says more/g)).toHaveLength(1);
    expect(shown().length).toBeLessThan(200);
    expect(said.end().toString()).toContain('line 49');
  });

  it('is kept with its beginning and its end when it is long', () => {
    const { said } = start();
    said.push('stdout', Buffer.from('first\n'));
    for (let line = 0; line < 40; line += 1) said.push('stdout', Buffer.alloc(100_000, 'x'));
    said.push('stdout', Buffer.from('\nlast'));
    const kept = said.end();
    expect(kept.length).toBeLessThan(1_048_600);
    expect(kept.subarray(0, 6).toString()).toBe('first\n');
    expect(kept.subarray(-5).toString()).toBe('\nlast');
    expect(said.lastLine()).toBe('last');
  });
});
