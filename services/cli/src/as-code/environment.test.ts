// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escaped, expand, hide } from './environment.js';

const ENV = { NAME: 'value', EMPTY: '' };

describe('the environment in texts', () => {
  it.each([
    ['${NAME}', 'value'],
    ['a ${NAME}/${NAME} b', 'a value/value b'],
    ['${UNSET:-otherwise}', 'otherwise'],
    ['${EMPTY:-}', ''],
    ['$${NAME}', '${NAME}'],
    ['$$', '$'],
    ['$.json.path, $5', '$.json.path, $5'],
  ])('%s is %s', (text, expected) => {
    expect(expand({ a: [text] }, ENV)).toMatchObject({ value: { a: [expected] }, problems: [] });
  });

  it.each([
    ['${UNSET}', 'UNSET is not set in the environment, or empty'],
    ['${EMPTY}', 'EMPTY is not set in the environment, or empty'],
    ['${no name}', 'has a ${'],
    ['${NAME', 'has a ${'],
  ])('%s is refused at its place', (text, message) => {
    const { problems } = expand({ a: [text] }, ENV);
    expect(problems).toEqual([{ path: ['a', 0], message: expect.stringContaining(message) as string }]);
  });

  it('says what came from where', () => {
    const { from, values } = expand({ a: { b: '${NAME}', c: '${UNSET:-x}' } }, ENV);
    expect(from).toEqual([{ path: ['a', 'b'], variables: ['NAME'] }]);
    expect(values).toEqual(['value']);
  });

  it('leaves keys and scripts alone', () => {
    const document = { tests: [{ definition: { script: '`${NAME}`' } }], '${NAME}': 1 };
    expect(expand(document, ENV).value).toEqual(document);
  });

  it('gives back whatever was escaped', () => {
    const texts = fc.array(fc.constantFrom('$', '{', '}', 'NAME', ':-')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(expand([escaped(text)], ENV)).toMatchObject({ value: [text], problems: [], from: [] });
      }),
    );
  });

  it('is hidden in what others say of it, the longest first', () => {
    expect(hide('abcdef and abcd, x', ['abcd', 'abcdef', 'x'])).toBe('(secret) and (secret), x');
  });
});
