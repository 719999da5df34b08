import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@tocsin/kernel';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { startTocsin, type Tocsin } from './tocsin.fixture.js';

let tocsin: Tocsin;
beforeAll(async () => {
  tocsin = await startTocsin(inject('pgUrl'));
});
beforeEach(() => tocsin.empty());
afterAll(() => tocsin?.stop());

const MANY = 150;
const file = (intervalSeconds: number, count = MANY) =>
  tocsin.file(
    'many.json',
    JSON.stringify({
      tocsin: 1,
      set: 'many',
      monitors: Array.from({ length: count }, (_, index) => ({
        name: `m${index}`,
        type: 'heartbeat',
        intervalSeconds,
      })),
    }),
  );
const monitors = async () =>
  (await tocsin.call('listMonitors', { query: { limit: 200 } })).items as JsonObject[];

/** What was on its way when its sender died may still arrive. */
async function settled(): Promise<JsonObject[]> {
  for (let last = await monitors(); ; ) {
    await delay(200);
    const now = await monitors();
    if (now.length === last.length) return now;
    last = now;
  }
}

it('killed in the middle it is run again, and goes on where it was', async () => {
  const path = file(60);
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../bin/tocsin.mjs', import.meta.url)), 'apply', '-f', path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, TOCSIN_URL: tocsin.url, TOCSIN_TOKEN: tocsin.token },
    },
  );
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const before = await settled();
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(MANY);
  const { code, stdout } = await tocsin.cli(['apply', '-f', path]);
  expect(code).toBe(0);
  expect(stdout).toContain(`${MANY - before.length} created, ${before.length} unchanged`);
  const after = await monitors();
  expect(new Set(after.map(({ name }) => name)).size).toBe(MANY);
  expect(after).toHaveLength(MANY);
  expect((await tocsin.cli(['plan', '-f', path])).code).toBe(0);
});

/** The api behind something that does `first` just before the change of one monitor gets through. */
async function apiThat(first: (id: string) => Promise<unknown>, changesBefore: number) {
  let changes = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const id = /monitors\/([^/?]+)$/.exec(request.url ?? '')?.[1];
      if (request.method === 'PUT' && id !== undefined && changes++ === changesBefore) await first(id);
      const { host: _, connection: _c, 'content-length': _l, ...headers } = request.headers;
      const answer = await fetch(tocsin.url + (request.url ?? ''), {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body === '' ? {} : { body }),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(await answer.text());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

it('what somebody changed since the plan is not written over: it stops, says how far it came, and goes on when run again', async () => {
  await tocsin.cli(['apply', '-f', file(60, 5)]);
  const between = await apiThat((id) => tocsin.call('pauseMonitor', { params: { id } }), 2);
  const stopped = await tocsin.cli(['apply', '-f', file(90, 5)], { TOCSIN_URL: between.url });
  between.close();
  expect(stopped.code).toBe(4);
  expect(stopped.stderr).toBe(
    'tocsin: stopped at monitor "m2": somebody changed it meanwhile\n2 of 5 done; run it again to see what is left and go on\n',
  );
  const planned = await tocsin.cli(['plan', '-f', file(90, 5)]);
  expect(planned.stdout).toContain('~ monitor m2\n    intervalSeconds: 60 → 90\n    enabled: false → true\n');
  expect((await tocsin.cli(['apply', '-f', file(90, 5)])).stdout).toContain('3 changed, 2 unchanged');
});
