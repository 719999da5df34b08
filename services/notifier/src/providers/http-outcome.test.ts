import { EgressError, type EgressErrorCode } from '@tocsin/egress';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt } from './excerpt.js';
import { answerOutcome, failureOutcome, httpOutcome, retryAfterMs } from './http-outcome.js';

const NOW = '2026-03-01T12:00:00.000Z';
const options = { now: NOW, secrets: [] };
const answer = (status: number, headers: Record<string, string> = {}, body = '') => ({
  status,
  headers,
  body: Buffer.from(body),
});

describe('what an HTTP status means', () => {
  it.each([
    [200, 'delivered', undefined],
    [204, 'delivered', undefined],
    [301, 'permanent', 'redirected'],
    [307, 'permanent', 'redirected'],
    [400, 'permanent', 'http_400'],
    [401, 'permanent', 'http_401'],
    [404, 'permanent', 'http_404'],
    [408, 'retry', 'http_408'],
    [409, 'retry', 'http_409'],
    [410, 'permanent', 'gone'],
    [422, 'permanent', 'http_422'],
    [425, 'retry', 'http_425'],
    [429, 'retry', 'http_429'],
    [500, 'retry', 'http_500'],
    [502, 'retry', 'http_502'],
    [503, 'retry', 'http_503'],
    [504, 'retry', 'http_504'],
    [599, 'retry', 'http_599'],
  ])('%i is %s', (status, result, reason) => {
    const outcome = answerOutcome(answer(status, {}, 'said'), options);
    expect(outcome.result).toBe(result);
    expect(outcome.answer.status).toBe(status);
    expect('reason' in outcome ? outcome.reason : undefined).toBe(reason);
  });

  it('switches the provider off for 410 alone', () => {
    const off = Array.from({ length: 400 }, (_, index) => index + 200).filter((status) => {
      const outcome = answerOutcome(answer(status), options);
      return outcome.result === 'permanent' && outcome.disableProvider === true;
    });
    expect(off).toEqual([410]);
  });

  it('says what to do about a redirect', () => {
    expect(answerOutcome(answer(302), options).answer.excerpt).toContain('enter the final URL');
  });
});

describe('N3: Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1500],
    ['Sun, 01 Mar 2026 12:05:00 GMT', 300_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['99999999', 86_400_000],
    ['Tue, 01 Mar 2033 12:00:00 GMT', 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it('is passed on with a refusal that may pass', () => {
    expect(answerOutcome(answer(503, { 'retry-after': '7' }), options)).toMatchObject({ retryAfterMs: 7000 });
  });
});

describe('when there is no answer', () => {
  it.each<[EgressErrorCode, string]>([
    ['timeout', 'retry'],
    ['connection_refused', 'retry'],
    ['connection_reset', 'retry'],
    ['dns_not_found', 'retry'],
    ['dns_failed', 'retry'],
    ['tls_failed', 'retry'],
    ['network_unreachable', 'retry'],
    ['address_refused', 'permanent'],
    ['invalid_url', 'permanent'],
    ['scheme_refused', 'permanent'],
  ])('%s is %s', async (code, result) => {
    const outcome = await httpOutcome(
      () => Promise.reject(new EgressError(code, 'connect', 'it did not work')),
      options,
    );
    expect(outcome).toMatchObject({ result, reason: code, answer: { status: 0 } });
  });

  it('says how to allow an address', () => {
    const refused = new EgressError('address_refused', 'policy', '10.0.0.1 is private');
    expect(failureOutcome(refused, []).answer.excerpt).toContain('TOCSIN_EGRESS_ALLOW');
  });

  it('tries again after a mistake of our own rather than lose an alert', () => {
    expect(failureOutcome(new TypeError('oops'), [])).toMatchObject({
      result: 'retry',
      reason: 'unexpected_error',
    });
  });
});

describe('SEC18: excerpts', () => {
  const url = 'https://hooks.example.com/services/T0000/B0000/XXXXsecretXXXX?key=abcdefghij';

  it.each([
    ['the URL', `no such hook ${url}`],
    ['its path', 'Cannot POST /services/T0000/B0000/XXXXsecretXXXX?key=abcdefghij'],
    ['its token', 'unknown token XXXXsecretXXXX'],
    ['its query', 'bad key abcdefghij'],
    ['its JSON spelling', JSON.stringify({ url }).replaceAll('/', '\\/')],
    ['its URL spelling', `?target=${encodeURIComponent(url)}`],
  ])('do not repeat %s', (_, body) => {
    const text = excerpt(body, [url]);
    expect(text).toContain('***');
    expect(text).not.toMatch(/XXXXsecretXXXX|abcdefghij/);
  });

  it('do not repeat the telling part of a header', () => {
    expect(excerpt('token 0123456789abcdef is wrong', ['Bearer 0123456789abcdef'])).toBe(
      'token *** is wrong',
    );
  });

  it('leave no half of a secret where they are cut', () => {
    const body = `${'x'.repeat(490)}0123456789abcdef0123456789abcdef`;
    expect(excerpt(body, ['0123456789abcdef0123456789abcdef'])).toBe(`${'x'.repeat(490)}***`);
  });

  it('are one line of at most 500 characters that any database takes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 2000, size: 'max' }),
        fc.array(fc.string()),
        (body, secrets) => {
          const text = excerpt(body, secrets);
          expect(text.length).toBeLessThanOrEqual(500);
          expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(text.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
