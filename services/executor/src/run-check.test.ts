import { createServer } from 'node:http';
import { closedPort, serveHttp, serveTcp } from '@tocsin/egress/testing';
import { isInstant, type JsonObject } from '@tocsin/kernel';
import type { CheckDue } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import type { Probe } from './kinds/index.js';
import { allProbes, loopbackEgress } from './kinds/testing.js';
import { type RunCheckDeps, runCheck } from './run-check.js';

const due = (more: Partial<CheckDue> = {}): CheckDue => ({
  monitorId: '0198b1f4-0000-7000-8000-000000000001',
  project: 'default',
  kind: 'http_request',
  slot: '2026-01-01T00:00:00.000Z',
  location: 'local',
  target: 'http://127.0.0.1/',
  config: {},
  configRevision: 7,
  trigger: 'schedule',
  ...more,
});
const egress = loopbackEgress();
const deps = (more: Partial<RunCheckDeps> = {}): RunCheckDeps => ({
  egress,
  probes: allProbes(),
  now: Date.now,
  sleep: () => Promise.resolve(),
  ...more,
});
const only = (run: Probe<unknown>['run']) =>
  deps({ probes: { http_request: { kind: 'http_request', run } } });

describe('runCheck', () => {
  it('reports what the probe found under the slot it was for', async () => {
    await using server = await serveHttp((_, response) => response.end('fine'));
    const clock = [1_767_225_600_123, 1_767_225_600_456];
    const check = due({ target: server.url });
    const done = await runCheck(check, undefined, deps({ now: () => clock.shift() ?? 0 }));
    expect(done).toMatchObject({
      monitorId: check.monitorId,
      project: 'default',
      kind: 'http_request',
      slot: check.slot,
      location: 'local',
      outcome: 'up',
      startedAt: '2026-01-01T00:00:00.123Z',
      finishedAt: '2026-01-01T00:00:00.456Z',
      attempts: 1,
      observed: { statusCode: 200 },
      configRevision: 7,
      trigger: 'schedule',
    });
    expect(Number.isInteger(done.latencyMs)).toBe(true);
    expect(done.error).toBeUndefined();
  });
  it('puts the secret back before it looks', async () => {
    await using server = await serveHttp((request, response) => {
      response.statusCode = request.headers.authorization === 'Bearer s3cret' ? 200 : 401;
      response.end();
    });
    const check = due({ target: server.url, config: { auth: { type: 'bearer' } }, secretVersion: 1 });
    const secret: JsonObject = { auth: { token: 's3cret' } };
    expect(await runCheck(check, secret, deps())).toMatchObject({ outcome: 'up' });
    const without = await runCheck(check, undefined, deps());
    expect(without).toMatchObject({ outcome: 'error', error: { code: 'invalid_config' } });
    expect(without.error?.message).toContain('auth.token');
  });
  it.each([
    ['of a kind nobody knows', { kind: 'telepathy' }, 'unknown_kind'],
    ['of heartbeats, which are received', { kind: 'heartbeat' }, 'unknown_kind'],
    ['with settings that are none', { config: { timeoutSeconds: 'soon' } }, 'invalid_config'],
    ['with a setting nobody knows', { config: { surprise: true } }, 'invalid_config'],
    ['of an address we may not see', { target: 'http://169.254.169.254/' }, 'address_refused'],
    ['of something that is no URL', { target: 'nowhere' }, 'invalid_url'],
  ])('makes no check %s', async (_, more, code) => {
    const done = await runCheck(due(more), undefined, deps());
    expect(done).toMatchObject({ outcome: 'error', error: { code } });
    expect(isInstant(done.startedAt) && isInstant(done.finishedAt)).toBe(true);
  });
  it('tries again before it reports a failure, and counts', async () => {
    let requests = 0;
    await using server = await serveHttp((_, response) => {
      response.statusCode = ++requests < 3 ? 500 : 200;
      response.end();
    });
    const slept: number[] = [];
    const sleep = (ms: number) => {
      slept.push(ms);
      return Promise.resolve();
    };
    const config = { retries: 5, retryDelaySeconds: 2 };
    const done = await runCheck(due({ target: server.url, config }), undefined, deps({ sleep }));
    expect(done).toMatchObject({ outcome: 'up', attempts: 3 });
    expect(slept).toEqual([2_000, 2_000]);
  });
  it('reports the last failure when all attempts fail', async () => {
    const check = due({ target: `http://127.0.0.1:${await closedPort()}/`, config: { retries: 2 } });
    expect(await runCheck(check, undefined, deps())).toMatchObject({
      outcome: 'down',
      attempts: 3,
      error: { code: 'connection_refused' },
    });
  });
  it('does not try again what is merely slow', async () => {
    await using server = await serveHttp((_, response) => {
      setTimeout(() => response.end(), 20);
    });
    const config = { retries: 5, maxResponseTimeMs: 1 };
    expect(await runCheck(due({ target: server.url, config }), undefined, deps())).toMatchObject({
      outcome: 'degraded',
      attempts: 1,
      error: { code: 'slow_response' },
    });
  });
  it('is down when the target does not answer in time', async () => {
    await using server = await serveTcp(() => undefined);
    const startedAt = performance.now();
    const check = due({ target: server.url, config: { timeoutSeconds: 1 } });
    expect(await runCheck(check, undefined, deps())).toMatchObject({
      outcome: 'down',
      error: { code: 'timeout' },
    });
    expect(performance.now() - startedAt).toBeLessThan(1_250);
  });
  it('ends in time when the probe never does, and says so as an error of ours', async () => {
    let stopped = false;
    const hang = only(({ signal }) => {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      return new Promise(() => undefined);
    });
    const startedAt = performance.now();
    const done = await runCheck(due({ config: { timeoutSeconds: 1 } }), undefined, hang);
    expect(performance.now() - startedAt).toBeLessThan(1_250);
    expect(done).toMatchObject({ outcome: 'error', error: { code: 'probe_hung' } });
    expect(stopped).toBe(true);
  });
  it('survives a probe that breaks, and hands the bug to the log only', async () => {
    const bugs: unknown[] = [];
    const bug = new TypeError('secret detail');
    const broken = { ...only(() => Promise.reject(bug)), onBug: (error: unknown) => bugs.push(error) };
    const done = await runCheck(due(), undefined, broken);
    expect(done).toMatchObject({ outcome: 'error', error: { code: 'probe_failed' } });
    expect(JSON.stringify(done)).not.toContain('secret detail');
    expect(bugs).toEqual([bug]);
  });
  it('never ends before it began, whatever the clock does', async () => {
    await using server = await serveHttp((_, response) => response.end());
    const clock = [2_000_000, 1_000_000];
    const done = await runCheck(
      due({ target: server.url }),
      undefined,
      deps({ now: () => clock.shift() ?? 0 }),
    );
    expect(done.finishedAt >= done.startedAt).toBe(true);
  });
  it('keeps secrets and queries out of what it reports', async () => {
    const port = await closedPort();
    const check = due({
      target: `http://127.0.0.1:${port}/hook?token=c4n4ry`,
      config: { auth: { type: 'bearer' }, headers: { accept: '*/*' } },
    });
    const done = await runCheck(check, { auth: { token: 'c4n4ry' }, headers: { 'x-key': 'c4n4ry' } }, deps());
    expect(done.outcome).toBe('down');
    expect(JSON.stringify(done)).not.toContain('c4n4ry');
  });
  it('leaves a server it has finished with alone', async () => {
    const server = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as { port: number };
    for (let i = 0; i < 20; i++)
      await runCheck(due({ target: `http://127.0.0.1:${port}/` }), undefined, deps());
    // Without connections left open it closes at once.
    await new Promise((resolve) => server.close(resolve));
    expect(server.listening).toBe(false);
  });
});
