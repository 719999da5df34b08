import { describe, expect, it } from 'vitest';
import { createMask } from '../mask.js';
import { maskFile } from './mask-file.js';

const mask = createMask(['1234', 'say "hi"']);
const masked = (name: string, text: string) => maskFile(name, Buffer.from(text), mask).toString();

describe('a file without secrets', () => {
  it('of JSON is still JSON, when a secret is in its numbers and names', () => {
    const text = JSON.stringify({
      at: 99123456,
      pin: 1234,
      pins: ['1234', 'x'],
      'of 1234': { quote: 'say "hi"' },
    });
    expect(JSON.parse(masked('result.json', text))).toEqual({
      at: 99123456,
      pin: 0,
      pins: ['********', 'x'],
      'of ********': { quote: '********' },
    });
  });

  it('of JSON lines is still that, and what is none between them is masked as text', () => {
    expect(masked('0.trace', '{"t":1234567,"s":"1234"}\nsome 1234\n')).toBe(
      '{"t":1234567,"s":"********"}\nsome ********\n',
    );
  });

  it('of anything else is masked as it is', () => {
    expect(masked('page.html', '<b>1234</b>')).toBe('<b>********</b>');
    expect(masked('0.json', 'no json: 1234')).toBe('no json: ********');
  });

  it('is left as it is when it has none', () => {
    expect(masked('0.json', '{ "a" : 1 }')).toBe('{ "a" : 1 }');
  });
});
