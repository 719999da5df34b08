import { serveHttp } from '@tocsin/egress/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSite, step } from './site.fixture.js';

let site: Awaited<ReturnType<typeof createSite>>;
beforeAll(async () => {
  site = await createSite();
});
afterAll(() => site.close());

describe('an assertion', () => {
  it.each<[string, object[]]>([
    ['status', [{ that: 'status', is: '200-204' }]],
    ['header', [{ that: 'header', header: 'X-Kind', is: 'present' }]],
    ['header absent', [{ that: 'header', header: 'x-other', is: 'absent' }]],
    ['header equal', [{ that: 'header', header: 'x-kind', is: 'equal', value: 'answer' }]],
    ['header containing', [{ that: 'header', header: 'x-kind', is: 'containing', value: 'nsw' }]],
    ['json', [{ that: 'json', path: '$.empty', is: 'present' }]],
    ['json absent', [{ that: 'json', path: '$.gone', is: 'absent' }]],
    ['json equal', [{ that: 'json', path: '$.count', is: 'equal', value: '3' }]],
    ['json null', [{ that: 'json', path: '$.empty', is: 'equal', value: null }]],
    ['json any', [{ that: 'json', path: '$.items[*].id', is: 'equal', value: 2 }]],
    ['json not_equal', [{ that: 'json', path: '$.items[*].id', is: 'not_equal', value: 3 }]],
    ['json not_equal of nothing', [{ that: 'json', path: '$.gone', is: 'not_equal', value: 3 }]],
    ['json containing', [{ that: 'json', path: '$.status', is: 'containing', value: 'o' }]],
    ['json list containing', [{ that: 'json', path: '$.items[0].tags', is: 'containing', value: 'b' }]],
    ['json less_than', [{ that: 'json', path: '$.count', is: 'less_than', value: 4 }]],
    ['json greater_than', [{ that: 'json', path: '$.count', is: 'greater_than', value: '2' }]],
    ['body', [{ that: 'body', is: 'containing', value: '"ok"' }]],
    ['body not_containing', [{ that: 'body', is: 'not_containing', value: 'error' }]],
    ['time', [{ that: 'time', atMostMs: 5_000 }]],
  ])('about the %s can hold', async (_, assert) => {
    expect(await site.assert(...assert)).toMatchObject({ status: 'passed', error: undefined });
  });

  it.each<[object, string, string]>([
    [{ that: 'status', is: '404' }, 'unexpected_status', 'the status is 200, expected was 404'],
    [
      { that: 'header', header: 'x-gone', is: 'present' },
      'header_missing',
      'the answer has no header x-gone',
    ],
    [{ that: 'header', header: 'x-kind', is: 'absent' }, 'header_present', 'has a header x-kind: "answer"'],
    [
      { that: 'header', header: 'x-kind', is: 'equal', value: 'x' },
      'header_mismatch',
      'header x-kind is "answer", expected was equal "x"',
    ],
    [{ that: 'header', header: 'x-kind', is: 'containing', value: 'x' }, 'header_mismatch', 'containing "x"'],
    [{ that: 'json', path: '$.gone', is: 'present' }, 'json_path_missing', '$.gone selects nothing'],
    [{ that: 'json', path: '$.count', is: 'absent' }, 'json_path_present', '$.count is there: 3'],
    [
      { that: 'json', path: '$.items[*].id', is: 'equal', value: 5 },
      'json_path_mismatch',
      '$.items[*].id is [1,2], expected was equal 5',
    ],
    [
      { that: 'json', path: '$.count', is: 'not_equal', value: 3 },
      'json_path_mismatch',
      'expected was not equal 3',
    ],
    [
      { that: 'json', path: '$.status', is: 'containing', value: 'x' },
      'json_path_mismatch',
      '$.status is "ok"',
    ],
    [{ that: 'json', path: '$.status', is: 'less_than', value: 3 }, 'json_path_mismatch', 'less than 3'],
    [{ that: 'json', path: '$.count', is: 'greater_than', value: 3 }, 'json_path_mismatch', 'greater than 3'],
    [{ that: 'json', path: '$.count', is: 'equal' }, 'assertion_invalid', 'no value to compare with'],
    [
      { that: 'body', is: 'containing', value: 'gone' },
      'body_mismatch',
      'the body does not have "gone" in it',
    ],
    [{ that: 'body', is: 'not_containing', value: 'ok' }, 'body_mismatch', 'the body has "ok" in it'],
    [{ that: 'body', is: 'containing', value: '{{x}}' }, 'variable_missing', 'there is no variable x'],
  ])('%j can fail as %s', async (assertion, code, message) => {
    const { status, error } = await site.assert(assertion);
    expect([status, error?.code]).toEqual(['failed', code]);
    expect(error?.message).toContain(message);
    expect(error?.message).toContain('step 1 of 1 "look": ');
  });

  it('about the time fails when the answer is late', async () => {
    const late = await serveHttp((_, response) => void setTimeout(() => response.end(), 30));
    const { error } = await site.run([step({ url: late.url, assert: [{ that: 'time', atMostMs: 5 }] })]);
    expect(error?.message).toMatch(/the answer took \d+ ms, more than 5 ms/);
    await late[Symbol.asyncDispose]();
  });
  it('about JSON fails on what is none, or too much of it', async () => {
    const assert = [
      { that: 'json', path: '$', is: 'present' },
      { that: 'status', is: '200,500' },
    ];
    expect((await site.run([step({ url: '{{base}}/error', assert })])).error?.code).toBe('body_not_json');
    expect((await site.run([step({ url: '{{base}}/large', assert })])).error?.code).toBe('body_too_large');
  });
});
