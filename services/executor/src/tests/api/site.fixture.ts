import { serveHttp } from '@tocsin/egress/testing';
import { newId } from '@tocsin/kernel';
import { loopbackEgress } from '../../kinds/testing.js';
import type { TestRunInput } from '../test-runner.js';
import { createApiRunner } from './api.runner.js';

export interface Asked {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Asks for `/answer` unless told otherwise. */
export const step = (more: object = {}) => ({ name: 'look', url: '{{base}}/answer', ...more });

/** A site, and what runs scenarios against it. */
export async function createSite() {
  const asked: Asked[] = [];
  const server = await serveHttp((request, response) => {
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

  async function run(steps: readonly object[], more: Partial<TestRunInput> = {}, egress = loopbackEgress()) {
    asked.length = 0;
    let output = '';
    const runner = createApiRunner({
      egress,
      onBug: (error) => {
        throw error;
      },
    });
    const definition = { variables: { base: server.url }, steps };
    const outcome = await runner.run({
      test: { id: newId(), revision: 1, name: 'test', kind: 'api', definition },
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
    const { status, error, durationMs, files } = outcome;
    const [file] = files;
    const kept = file !== undefined && 'bytes' in file.content ? file.content.bytes.toString() : '';
    return { status, error, output, kept, durationMs };
  }

  return {
    url: server.url,
    /** in the run that was last */
    asked: asked as readonly Asked[],
    run,
    assert: (...assert: object[]) => run([step({ assert })]),
    close: () => server[Symbol.asyncDispose](),
  };
}
