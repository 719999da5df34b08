// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import { describe, expect, it } from 'vitest';
import {
  atMostMs,
  bodyPath,
  expiryDays,
  parseCondition,
  pieceOf,
  statusCodesOf,
  valuesOf,
} from './conditions.js';
import { durationMs } from './duration.js';
import { withReferences } from './environment.js';

const conditions = (...texts: string[]) => texts.flatMap((text) => parseCondition(text) ?? []);

describe('status codes', () => {
  it.each([
    [['[STATUS] == 200'], '200'],
    [['[STATUS] == any(200, 429)'], '200,429'],
    [['[STATUS] < 300'], '100-299'],
    [['[STATUS] >= 200', '[STATUS] <= 399'], '200-399'],
    [['[STATUS] > 199', '[STATUS] != 204', '[STATUS] < 300'], '200-203,205-299'],
    [['[STATUS] == pat(2*)'], '200-299'],
    [['[STATUS] == 200', '[STATUS] == 201'], undefined],
    [['[STATUS] == ok'], undefined],
    [['[STATUS] == pat(*)'], undefined],
  ])('of %j are %s', (texts, codes) => {
    expect(statusCodesOf(conditions(...texts))).toBe(codes);
  });
});

describe('a condition', () => {
  it('is two sides and a comparison with blanks around it', () => {
    expect(parseCondition('[BODY].a == b')).toEqual({ left: '[BODY].a', is: '==', right: 'b' });
    expect(parseCondition('[STATUS]==200')).toBeUndefined();
  });

  it.each([
    ['[RESPONSE_TIME] < 500', 499],
    ['[RESPONSE_TIME] <= 500', 500],
    ['[RESPONSE_TIME] < 1s', 999],
    ['[RESPONSE_TIME] > 5', undefined],
  ])('%s allows %s ms', (text, ms) => {
    expect(conditions(text).map(atMostMs)).toEqual([ms]);
  });

  it.each([
    ['[CERTIFICATE_EXPIRATION] > 48h', 2],
    ['[CERTIFICATE_EXPIRATION] > 49h', 3],
    ['[CERTIFICATE_EXPIRATION] < 48h', undefined],
  ])('%s tells of a certificate with %s days left', (text, days) => {
    expect(conditions(text).map(expiryDays)).toEqual([days]);
  });

  it.each([
    ['[BODY].status', '$.status'],
    ['[BODY].data[0].id', '$.data[0].id'],
    ['[BODY][0].x-y', "$[0]['x-y']"],
    ['len([BODY].a)', undefined],
    ['[BODY]', undefined],
  ])('about %s has the path %s', (left, path) => {
    expect(bodyPath(left)).toBe(path);
  });

  it('may ask for a piece of text, and for one of several values', () => {
    expect(pieceOf('pat(*healthy*)')).toBe('healthy');
    expect(pieceOf('pat(a*b)')).toBeUndefined();
    expect(valuesOf('any(a, b)')).toEqual(['a', 'b']);
    expect(valuesOf('pat(a*)')).toBeUndefined();
  });
});

it.each([
  ['1h30m', 5_400_000],
  ['1.5s', 1_500],
  ['500ms', 500],
  ['5', undefined],
  ['', undefined],
])('the duration %j is %s ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

it('variables of the environment stay variables, and a double dollar is one', () => {
  const [text = ''] = Object.values(withReferences({ a: '${X}/$Y_1/$$Z/$.a' }) as Record<string, string>);
  expect(text.replaceAll(/[\uE000\uE001]/g, '|')).toBe('|X|/|Y_1|/$Z/$.a');
});
