import { describe, expect, it } from 'vitest';
import { flag, oneOf, searchOf, text, whole } from './search.js';

const validate = searchOf({ q: text, state: oneOf(['open', 'resolved']), all: flag, page: whole });

describe('the search of an address', () => {
  it('keeps what it understands', () => {
    const search = { q: 'shop', state: 'open', all: true, page: 3 };
    expect(validate(search)).toEqual(search);
  });

  it('leaves out what it does not, as an address may be typed or old', () => {
    expect(validate({ q: '', state: 'closed', all: 'yes', page: -1, other: 'x' })).toEqual({});
    expect(validate({ q: { a: 1 }, state: ['open'] })).toEqual({});
  });

  it('takes a number that was searched for as text', () => {
    expect(validate({ q: 404 })).toEqual({ q: '404' });
  });
});
