import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storableJson, storableText } from './storable.js';

const hostile = fc
  .array(fc.constantFrom('\u0000', '\\', '\\u0000', '\ud83d', '\udd14', 'u0000', '"', '\u001e', 'a'))
  .map((parts) => parts.join(''));

test('what was written comes back, but for what the database refuses', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(JSON.parse(storableJson({ text }))).toEqual({
        text: text.toWellFormed().replaceAll('\u0000', '\ufffd'),
      });
      expect(storableText(text)).not.toContain('\u0000');
    }),
    { numRuns: 2_000 },
  );
});

test('the separator of the rows never stands in a row', () => {
  expect(storableJson('\u001e')).not.toContain('\u001e');
});
