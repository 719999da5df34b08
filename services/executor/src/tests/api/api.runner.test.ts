import { createEgress, egressPolicy } from '@tocsin/egress';
import { closedPort, serveHttp } from '@tocsin/egress/testing';
import { newId } from '@tocsin/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loopbackEgress } from '../../kinds/testing.js';
import type { TestRunInput } from '../test-runner.js';
import { createApiRunner } from './api.runner.js';

let server: Awaited<ReturnType<typeof serveHttp>>;
const asked: { path: string; method: string; headers: Record<string, unknown>; body: string }[] = [];

beforeAll(async () => {
  server = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const path = request.url ?? '';
      asked.push({ path, method: request.method ?? '', headers: request.headers, body });
      if (path === '/hang') return;
      if (path === '/login')
        response.writeHead(201, { 'x-session': 's-1' }).end('{"token":"t0ken","user":{"id":7}}');
      else if (path === '/away') response.writeHead(302, { location: '/answer' }).end();
      else if (path === '/mirror') response.end(JSON.stringify({ headers: request.headers, body }));
      else if (path === '/error') response.writeHead(500).end('broken');
      else if (path === '/large') response.end(`["${'x'.repeat(2_000_000)}"]`);
      else
        response
          .setHeader('x-kind', 'answer')
          .end('{"status":"ok","count":3,"empty":null,"items":[{"id":1,"tags":["a","b"]},{"id":2}]}');
    });
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const step = (more: object = {}) => ({ name: 'look', url: '{{base}}/answer', ...more });

async function run(steps: readonly object[], more: Partial<TestRunInput> = {}, egress = loopbackEgress()) {
  asked.length = 0;
  let output = '';
  const bugs: unknown[] = [];
  const runner = createApiRunner({ egress, onBug: (error) => bugs.push(error) });
  const outcome = await runner.run({
    test: {
      id: newId(),
      revision: 1,
      name: 'test',
      kind: 'api',
      definition: { variables: { base: server.url }, steps },
    },
    variables: {},
    secrets: {},
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    onOutput: (_, text) => {
      output += text;
    },
    ...more,
  });
  await outcome.dispose();
  const [file] = outcome.files;
  const kept = file !== undefined && 'bytes' in file.content ? file.content.bytes.toString() : '';
  expect(bugs).toEqual([]);
  return { status: outcome.status, error: outcome.error, output, kept, durationMs: outcome.durationMs };
}
const assertOne = (...assert: object[]) => run([step({ assert })]);

describe('an api scenario', () => {
  it('hands what it took from one answer to the steps that follow', async () => {
    const { status, output } = await run(
      [
        {
          name: 'log in',
          method: 'POST',
          url: '{{base}}/login',
          body: '{"user":"{{USER_NAME}}"}',
          extract: [
            { from: 'json', path: '$.token', as: 'token' },
            { from: 'json', path: '$.user', as: 'user' },
            { from: 'header', header: 'X-Session', as: 'session' },
            { from: 'status', as: 'code' },
          ],
        },
        {
          name: 'look around',
          method: 'PUT',
          url: '{{base}}/mirror',
          headers: { authorization: 'Bearer {{token}}', 'x-session': '{{ session }}' },
          body: '{{code}} {{user}}',
          assert: [
            { that: 'json', path: '$.body', is: 'equal', value: '201 {"id":7}' },
            { that: 'json', path: '$.headers.authorization', is: 'equal', value: 'Bearer {{token}}' },
          ],
          extract: [{ from: 'body', as: 'all' }],
        },
      ],
      { variables: { USER_NAME: 'ada' } },
    );
    expect(status).toBe('passed');
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /login', 'PUT /mirror']);
    expect(asked[0]).toMatchObject({
      body: '{"user":"ada"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(output).toContain('step 1 of 2 "log in"');
    expect(output).toMatch(/201 in \d+ ms, \d+ bytes/);
  });

  it('takes a variable of the project before its own, and its own before none', async () => {
    const definition = {
      variables: { base: server.url, A: 'own', B: 'own' },
      steps: [{ name: 'x', url: '{{base}}/{{A}}/{{B}}' }],
    };
    const test = { id: newId(), revision: 1, name: 't', kind: 'api' as const, definition };
    await run([], { test, variables: { A: 'project' } });
    expect(asked[0]?.path).toBe('/project/own');
  });

  it('does not look for variables in what a variable had', async () => {
    const { status } = await run(
      [
        step({
          url: '{{base}}/mirror',
          method: 'POST',
          body: '{{A}}',
          assert: [
            { that: 'json', path: '$.body', is: 'equal', value: '{{A}}' },
            { that: 'json', path: '$.body', is: 'containing', value: 'base' },
          ],
        }),
      ],
      { variables: { A: '{{base}}' } },
    );
    expect(status).toBe('passed');
  });

  it('that names a variable nobody has is failed: it is the mistake of the test', async () => {
    const { status, error } = await run([step(), step({ url: '{{base}}/{{nobody}}' })]);
    expect(status).toBe('failed');
    expect(error).toEqual({
      code: 'variable_missing',
      message: 'step 2 of 2 "look": there is no variable nobody at this step',
    });
    expect(asked).toHaveLength(1);
  });

  it('ends at the first thing that does not hold', async () => {
    const { error } = await run([step({ name: 'first', url: '{{base}}/error' }), step()]);
    expect(error?.message).toBe('step 1 of 2 "first": the status is 500, expected was 2xx');
    expect(asked).toHaveLength(1);
  });

  it('that cannot take a value from an answer is failed', async () => {
    for (const [extraction, message] of [
      [{ from: 'json', path: '$.gone', as: 'x' }, '$.gone selects nothing in the body'],
      [{ from: 'header', header: 'x-gone', as: 'x' }, 'the answer has no header x-gone'],
    ] as const) {
      const { status, error } = await run([step({ extract: [extraction] })]);
      expect([status, error?.code]).toEqual(['failed', 'extraction_failed']);
      expect(error?.message).toContain(`x cannot be taken from the answer: ${message}`);
    }
  });

  it('follows redirects unless told not to', async () => {
    expect((await run([step({ url: '{{base}}/away' })])).status).toBe('passed');
    const held = step({
      url: '{{base}}/away',
      followRedirects: false,
      assert: [{ that: 'status', is: '302' }],
    });
    expect((await run([held])).status).toBe('passed');
  });

  it('that cannot be read is failed and says where', async () => {
    const { status, error } = await run([{ name: '', url: 'x' }]);
    expect([status, error?.code]).toEqual(['failed', 'invalid_definition']);
    expect(error?.message).toContain('steps.0.name');
  });
});

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
    expect(await assertOne(...assert)).toMatchObject({ status: 'passed', error: undefined });
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
    const { status, error } = await assertOne(assertion);
    expect([status, error?.code]).toEqual(['failed', code]);
    expect(error?.message).toContain(message);
    expect(error?.message).toContain('step 1 of 1 "look": ');
  });

  it('about the time fails when the answer is late', async () => {
    const late = await serveHttp((_, response) => void setTimeout(() => response.end(), 30));
    const { error } = await run([step({ url: late.url, assert: [{ that: 'time', atMostMs: 5 }] })]);
    expect(error?.message).toMatch(/the answer took \d+ ms, more than 5 ms/);
    await late[Symbol.asyncDispose]();
  });
  it('about JSON fails on what is none, or too much of it', async () => {
    const assert = [
      { that: 'json', path: '$', is: 'present' },
      { that: 'status', is: '200,500' },
    ];
    expect((await run([step({ url: '{{base}}/error', assert })])).error?.code).toBe('body_not_json');
    expect((await run([step({ url: '{{base}}/large', assert })])).error?.code).toBe('body_too_large');
  });
});

describe('a scenario that gets no answer', () => {
  it('K6: is a timeout when a step takes too long', async () => {
    const result = await run([step({ url: '{{base}}/hang', timeoutSeconds: 1 })]);
    expect([result.status, result.error?.code]).toEqual(['timeout', 'timeout']);
    expect(result.error?.message).toContain('step 1 of 1 "look"');
  });
  it('K6: is a timeout when all of it takes too long', async () => {
    const result = await run([step(), step({ url: '{{base}}/hang' })], { timeoutMs: 300 });
    expect([result.status, result.error?.code]).toEqual(['timeout', 'timeout']);
    expect(result.durationMs).toBeLessThan(2_000);
  });
  it('is cancelled at once when the run is', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const result = await run([step({ url: '{{base}}/hang' })], { signal: stop.signal });
    expect(result.status).toBe('cancelled');
    expect(result.durationMs).toBeLessThan(2_000);
  });
  it('is failed when nobody is there', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    expect(await run([step({ url })])).toMatchObject({
      status: 'failed',
      error: { code: 'connection_refused' },
    });
  });
  it.each(['ftp://127.0.0.1/', 'not a url', 'http://user:pw@127.0.0.1/'])(
    'is failed when it goes to %s',
    async (url) => {
      expect((await run([step({ url })])).status).toBe('failed');
    },
  );
  it('is an error, and no failure, when it may not go there', async () => {
    const strict = createEgress(egressPolicy({ purpose: 'monitor', allow: [], ownEndpoints: [] }));
    const { status, error } = await run([step()], {}, strict);
    expect([status, error?.code]).toEqual(['error', 'address_refused']);
    expect(error?.message).toContain('TOCSIN_EGRESS_ALLOW');
    const metadata = await run([step({ url: 'http://169.254.169.254/latest' })]);
    expect([metadata.status, metadata.error?.code]).toEqual(['error', 'address_refused']);
  });
});

describe('a secret', () => {
  const TOKEN = 'c4n4ry-t0ken';
  it('reaches the site and nothing else', async () => {
    const result = await run(
      [
        step({
          url: '{{base}}/mirror?key={{TOKEN}}',
          headers: { 'x-any': '{{TOKEN}}' },
          extract: [{ from: 'body', as: 'all' }],
          assert: [
            { that: 'status', is: '200' },
            { that: 'header', header: 'x-none', is: 'absent' },
          ],
        }),
        step({
          url: '{{base}}/mirror',
          headers: { authorization: 'Bearer {{TOKEN}}' },
          assert: [{ that: 'json', path: '$.headers.authorization', is: 'equal', value: 'Basic {{TOKEN}}' }],
        }),
      ],
      { secrets: { TOKEN } },
    );
    expect(asked[0]?.headers['x-any']).toBe(TOKEN);
    expect(result.status).toBe('failed');
    expect(result.error?.message).toContain('is "Bearer ********", expected was equal "Basic ********"');
    expect(JSON.stringify(result)).not.toContain(TOKEN);
    expect(result.kept).toBe(result.output);
  });
  it('that is in the way of a cut is masked before it', async () => {
    const assert = [{ that: 'body', is: 'containing', value: '{{PADDED}}{{TOKEN}}' }];
    const { error } = await run([step({ assert })], {
      variables: { PADDED: 'x'.repeat(190) },
      secrets: { TOKEN },
    });
    expect(error?.message).not.toContain('c4n4r');
  });
  it('does not go along when a redirect leaves its origin', async () => {
    const away = await serveHttp((_, response) =>
      response.writeHead(307, { location: `${server.url}/mirror` }).end(),
    );
    await run([step({ url: away.url, headers: { 'x-any': '{{TOKEN}}', 'x-trace': 'kept' } })], {
      secrets: { TOKEN },
    });
    expect(asked[0]?.headers).toMatchObject({ 'x-trace': 'kept' });
    expect(asked[0]?.headers['x-any']).toBeUndefined();
    await away[Symbol.asyncDispose]();
  });
});
