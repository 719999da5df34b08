import { describe, expect, it } from 'vitest';
import { createMask } from './mask.js';

const SECRET = 'p&ss wörd/"1"=';
const all = (text: string) => createMask([SECRET]).text(text);

describe('a secret', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: SECRET }))],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a URL of lower case', encodeURIComponent(SECRET).toLowerCase()],
    ['in a form', new URLSearchParams({ a: SECRET }).toString()],
    ['in HTML', 'p&amp;ss wörd/&quot;1&quot;='],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in hex', Buffer.from(SECRET).toString('hex')],
    ...['', 'a', 'ab', 'abc'].map((user) => [
      `in basic credentials after ${user.length} letters`,
      Buffer.from(`${user}:${SECRET}:x`).toString('base64'),
    ]),
  ])('is masked %s', (_, text) => {
    const masked = all(`before ${text} after`);
    expect(masked).toMatch(/^before .*\*{8}.* after$/);
    for (const part of ['ss wörd', 'ss%20w', 'ss+w', SECRET.slice(4, 8)]) expect(masked).not.toContain(part);
  });
  it('leaves everything else as it was', () => {
    expect(all('nothing here, p&ss w')).toBe('nothing here, p&ss w');
    expect(createMask([]).text('x')).toBe('x');
  });
  it('that is too short to be one is left', () => {
    expect(createMask(['abc', '']).text('abc')).toBe('abc');
  });
  it('is masked whole where two of them overlap or touch', () => {
    expect(createMask(['abcdef', 'efghij']).text('-abcdefghij-')).toBe('-********-');
    expect(createMask(['abcd']).text('abcdabcd-abcd')).toBe('********-********');
  });
  it('of several lines is masked a line at a time', () => {
    const key = '-----BEGIN-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END-----';
    expect(createMask([key]).text('12: kqhkiG9w0BAQEF')).toBe('12: ********');
  });
  it('that was cut is masked when enough of it is there', () => {
    const long = Array.from({ length: 200 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
    expect(createMask([long]).text(`x ${long.slice(0, 100)}…`)).toBe('x ********…');
  });
  it('is masked in bytes, and bytes that are no text stay', () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0, 0x80]),
      Buffer.from(`${SECRET}ö`),
      Buffer.from([0xfe]),
    ]);
    const expected = Buffer.concat([
      Buffer.from([0xff, 0, 0x80]),
      Buffer.from('********ö'),
      Buffer.from([0xfe]),
    ]);
    expect(createMask([SECRET]).bytes(bytes)).toEqual(expected);
  });
});

describe('a stream', () => {
  it('hides a secret wherever it is cut', () => {
    const text = `one ${SECRET} two ${SECRET}${SECRET} three`;
    for (let size = 1; size <= text.length; size += 1) {
      const stream = createMask([SECRET]).stream();
      let shown = '';
      for (let at = 0; at < text.length; at += size) shown += stream.push(text.slice(at, at + size));
      shown += stream.end();
      expect(shown.replaceAll(/\*+/g, '*')).toBe('one * two * three');
    }
  });
  it('holds back no more than may be one', () => {
    const stream = createMask(['secret']).stream();
    expect(stream.push('a line\n')).toBe('a line\n');
    expect(stream.push('a sec')).toBe('a ');
    expect(stream.push('ond')).toBe('second');
    expect(stream.push('s')).toBe('');
    expect(stream.end()).toBe('s');
  });
  it('does not show the end of a secret that might have begun another', () => {
    const stream = createMask(['abcdef', 'efgh']).stream();
    expect(stream.push('abcdef') + stream.push('xx') + stream.end()).toBe('********xx');
  });
  it('is quick with the most secrets there may be, and with those made to be slow', () => {
    const many = Array.from({ length: 100 }, (_, index) => `${index}-`.padEnd(4_000, `${index}x`));
    const hostile = ['a'.repeat(4_000), `${'a'.repeat(3_000)}b`, `${'a'.repeat(63)}b`];
    const startedAt = performance.now();
    createMask(many).bytes(Buffer.alloc(20 * 1024 ** 2, 'an ordinary line of a report\n'));
    createMask(hostile).bytes(Buffer.alloc(5 * 1024 ** 2, 'a'));
    const stream = createMask(hostile).stream();
    for (let chunk = 0; chunk < 64; chunk += 1) stream.push('a'.repeat(8_192));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
