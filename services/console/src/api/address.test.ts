import { describe, expect, it } from 'vitest';
import { addressOf } from './address.js';
import { apiErrorOf, isPassing, sentenceOf, unreachable } from './api-error.js';

describe('an address of the api', () => {
  it('has its parameters escaped, so that no name reaches another route', () => {
    expect(addressOf('/jobs/{id}/keys/{keyId}', { id: 'a/../b', keyId: 'ö?' })).toBe(
      '/api/v1/jobs/a%2F..%2Fb/keys/%C3%B6%3F',
    );
  });

  it('leaves out what was not asked, and says a list again and again', () => {
    const query = { search: 'a&b', tag: ['x', 'y'], limit: 0, enabled: false, status: undefined, cursor: '' };
    expect(addressOf('/monitors', {}, query)).toBe(
      '/api/v1/monitors?search=a%26b&tag=x&tag=y&limit=0&enabled=false',
    );
  });
});

describe('an error of the api', () => {
  it('is the problem it answered', () => {
    const errors = [{ field: 'name', message: 'is too long' }];
    const error = apiErrorOf(400, {
      code: 'validation_failed',
      detail: 'name: is too long',
      errors,
      requestId: 'r',
    });
    expect(error).toMatchObject({ code: 'validation_failed', status: 400, fields: errors, requestId: 'r' });
    expect(sentenceOf(error)).toBe('Name: is too long');
  });

  it('is readable when something in between answered', () => {
    expect(sentenceOf(apiErrorOf(502, undefined))).toBe('The answer was 502, without a reason.');
  });

  it('is tried again only when it passes by itself', () => {
    expect(
      [unreachable(), apiErrorOf(503, { code: 'unavailable' }), apiErrorOf(502, '')].map(isPassing),
    ).toEqual([true, true, true]);
    expect([apiErrorOf(404, { code: 'not_found' }), new TypeError('x')].map(isPassing)).toEqual([
      false,
      false,
    ]);
  });
});
