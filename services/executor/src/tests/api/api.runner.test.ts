import { createEgress, egressPolicy } from '@tocsin/egress';
import { closedPort, serveHttp } from '@tocsin/egress/testing';
import { newId } from '@tocsin/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSite, step } from './site.fixture.js';

let site: Awaited<ReturnType<typeof createSite>>;
beforeAll(async () => {
  site = await createSite();
});
afterAll(() => site.close());

describe('an api scenario', () => {
  it('hands what it took from one answer to the steps that follow', async () => {
    const { status, output } = await site.run(
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
    expect(site.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /login', 'PUT /mirror']);
    expect(site.asked[0]).toMatchObject({
      body: '{"user":"ada"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(output).toContain('step 1 of 2 "log in"');
    expect(output).toMatch(/201 in \d+ ms, \d+ bytes/);
  });

  it('takes a variable of the project before its own, and its own before none', async () => {
    const definition = {
      variables: { base: site.url, A: 'own', B: 'own' },
      steps: [{ name: 'x', url: '{{base}}/{{A}}/{{B}}' }],
    };
    const test = { id: newId(), revision: 1, name: 't', kind: 'api' as const, definition };
    await site.run([], { test, variables: { A: 'project' } });
    expect(site.asked[0]?.path).toBe('/project/own');
  });

  it('does not look for variables in what a variable had', async () => {
    const { status } = await site.run(
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
    const { status, error } = await site.run([step(), step({ url: '{{base}}/{{nobody}}' })]);
    expect(status).toBe('failed');
    expect(error).toEqual({
      code: 'variable_missing',
      message: 'step 2 of 2 "look": there is no variable nobody at this step',
    });
    expect(site.asked).toHaveLength(1);
  });

  it('ends at the first thing that does not hold', async () => {
    const { error } = await site.run([step({ name: 'first', url: '{{base}}/error' }), step()]);
    expect(error?.message).toBe('step 1 of 2 "first": the status is 500, expected was 2xx');
    expect(site.asked).toHaveLength(1);
  });

  it('that cannot take a value from an answer is failed', async () => {
    for (const [extraction, message] of [
      [{ from: 'json', path: '$.gone', as: 'x' }, '$.gone selects nothing in the body'],
      [{ from: 'header', header: 'x-gone', as: 'x' }, 'the answer has no header x-gone'],
    ] as const) {
      const { status, error } = await site.run([step({ extract: [extraction] })]);
      expect([status, error?.code]).toEqual(['failed', 'extraction_failed']);
      expect(error?.message).toContain(`x cannot be taken from the answer: ${message}`);
    }
  });

  it('follows redirects unless told not to', async () => {
    expect((await site.run([step({ url: '{{base}}/away' })])).status).toBe('passed');
    const held = step({
      url: '{{base}}/away',
      followRedirects: false,
      assert: [{ that: 'status', is: '302' }],
    });
    expect((await site.run([held])).status).toBe('passed');
  });

  it('that cannot be read is failed and says where', async () => {
    const { status, error } = await site.run([{ name: '', url: 'x' }]);
    expect([status, error?.code]).toEqual(['failed', 'invalid_definition']);
    expect(error?.message).toContain('steps.0.name');
  });
});

describe('a scenario that gets no answer', () => {
  it('K6: is a timeout when a step takes too long', async () => {
    const result = await site.run([step({ url: '{{base}}/hang', timeoutSeconds: 1 })]);
    expect([result.status, result.error?.code]).toEqual(['timeout', 'timeout']);
    expect(result.error?.message).toContain('step 1 of 1 "look"');
  });
  it('K6: is a timeout when all of it takes too long', async () => {
    const result = await site.run([step(), step({ url: '{{base}}/hang' })], { timeoutMs: 300 });
    expect([result.status, result.error?.code]).toEqual(['timeout', 'timeout']);
    expect(result.durationMs).toBeLessThan(2_000);
  });
  it('is cancelled at once when the run is', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const result = await site.run([step({ url: '{{base}}/hang' })], { signal: stop.signal });
    expect(result.status).toBe('cancelled');
    expect(result.durationMs).toBeLessThan(2_000);
  });
  it('is failed when nobody is there', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    expect(await site.run([step({ url })])).toMatchObject({
      status: 'failed',
      error: { code: 'connection_refused' },
    });
  });
  it.each(['ftp://127.0.0.1/', 'not a url', 'http://user:pw@127.0.0.1/'])(
    'is failed when it goes to %s',
    async (url) => {
      expect((await site.run([step({ url })])).status).toBe('failed');
    },
  );
  it('is an error, and no failure, when it may not go there', async () => {
    const strict = createEgress(egressPolicy({ purpose: 'monitor', allow: [], ownEndpoints: [] }));
    const { status, error } = await site.run([step()], {}, strict);
    expect([status, error?.code]).toEqual(['error', 'address_refused']);
    expect(error?.message).toContain('TOCSIN_EGRESS_ALLOW');
    const metadata = await site.run([step({ url: 'http://169.254.169.254/latest' })]);
    expect([metadata.status, metadata.error?.code]).toEqual(['error', 'address_refused']);
  });
});

describe('a secret', () => {
  const TOKEN = 'c4n4ry-t0ken';
  it('reaches the site and nothing else', async () => {
    const result = await site.run(
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
    expect(site.asked[0]?.headers['x-any']).toBe(TOKEN);
    expect(result.status).toBe('failed');
    expect(result.error?.message).toContain('is "Bearer ********", expected was equal "Basic ********"');
    expect(JSON.stringify(result)).not.toContain(TOKEN);
    expect(result.kept).toBe(result.output);
  });
  it('that is in the way of a cut is masked before it', async () => {
    const assert = [{ that: 'body', is: 'containing', value: '{{PADDED}}{{TOKEN}}' }];
    const { error } = await site.run([step({ assert })], {
      variables: { PADDED: 'x'.repeat(190) },
      secrets: { TOKEN },
    });
    expect(error?.message).not.toContain('c4n4r');
  });
  it('does not go along when a redirect leaves its origin', async () => {
    const away = await serveHttp((_, response) =>
      response.writeHead(307, { location: `${site.url}/mirror` }).end(),
    );
    await site.run([step({ url: away.url, headers: { 'x-any': '{{TOKEN}}', 'x-trace': 'kept' } })], {
      secrets: { TOKEN },
    });
    expect(site.asked[0]?.headers).toMatchObject({ 'x-trace': 'kept' });
    expect(site.asked[0]?.headers['x-any']).toBeUndefined();
    await away[Symbol.asyncDispose]();
  });
});
