import { expect, it } from 'vitest';
import { printable } from './printable.js';
import { renderTable } from './table.js';

it('has columns as wide as what they hold, wide characters included', () => {
  const rows = [
    { name: 'shop', ms: 12 },
    { name: '監視', ms: null },
  ];
  const text = renderTable(rows, [
    { title: 'NAME', of: (row) => row.name },
    { title: 'MS', of: (row) => row.ms },
  ]);
  expect(text.split('\n')).toEqual(['NAME  MS', 'shop  12', '監視  -']);
});

it.each([
  ['colour and cursor', '\u001b[31mred\u001b[2J', 'red'],
  ['a title of the window', '\u001b]0;owned\u0007name', 'name'],
  ['a second line', 'one\r\ntwo', 'one two'],
  ['the reading direction', 'a\u202eb', 'a b'],
  ['nothing at all', 'plain ünïcode 🙈', 'plain ünïcode 🙈'],
])('keeps the text of others from changing %s', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});
