import { syntheticTestConfig } from '@tocsin/contracts';
import { serveHttp } from '@tocsin/egress/testing';
import { newId } from '@tocsin/kernel';
import { createLogger } from '@tocsin/service-kit';
import { describe, expect, it } from 'vitest';
import type { MaterialAnswer, MaterialRequest } from '../../runs/test-material.request.js';
import { createApiRunner } from '../../tests/api/api.runner.js';
import { createBrowserRunner } from '../../tests/browser/browser.runner.js';
import { attempt, loopbackEgress } from '../testing.js';
import { syntheticTestProbe } from './synthetic-test.probe.js';

const testId = newId();
const runners = {
  api: createApiRunner({ egress: loopbackEgress(), onBug: () => undefined }),
  browser: createBrowserRunner({ mode: 'off' }, { logger: createLogger({ name: 'test', level: 'silent' }) }),
};

async function check(material: MaterialAnswer, timeoutMs = 5_000) {
  const asked: MaterialRequest[] = [];
  const materials = {
    of: (request: MaterialRequest) => {
      asked.push(request);
      return Promise.resolve(material);
    },
  };
  const probe = syntheticTestProbe({ materials, runners });
  const result = await attempt(probe, syntheticTestConfig)('', { testId }, timeoutMs);
  expect(asked).toEqual([{ project: 'default', testId }]);
  return result;
}
const scenario = (...steps: object[]): MaterialAnswer => ({
  test: { id: testId, revision: 4, name: 'shop', kind: 'api', definition: { steps } },
  variables: {},
  secrets: { KEY: 'c4n4ry' },
});

describe('a synthetic monitor', () => {
  it('is up when its test passes, and tells which one it was', async () => {
    await using server = await serveHttp((_, response) => response.end('fine'));
    expect(await check(scenario({ name: 'x', url: server.url }))).toEqual({
      outcome: 'up',
      error: undefined,
      timings: { totalMs: expect.any(Number) },
      observed: { testRevision: 4, testKind: 'api' },
    });
  });
  it('is down when its test fails, and says why without secrets', async () => {
    await using server = await serveHttp((_, response) => response.end('fine'));
    const assert = [{ that: 'body', is: 'containing', value: '{{KEY}}' }];
    const result = await check(scenario({ name: 'x', url: server.url, assert }));
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'body_mismatch' } });
    expect(JSON.stringify(result)).not.toContain('c4n4ry');
  });
  it('is down when its test takes too long', async () => {
    await using server = await serveHttp(() => undefined);
    const result = await check(scenario({ name: 'x', url: server.url }), 200);
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'timeout' } });
    expect(result.timings.totalMs).toBeLessThan(1_000);
  });
  it.each<[MaterialAnswer, string]>([
    ['missing', 'test_gone'],
    ['unavailable', 'material_unavailable'],
    [scenario({ name: 'x', url: 'http://169.254.169.254/' }), 'address_refused'],
    [
      {
        test: { id: testId, revision: 1, name: 'x', kind: 'browser', definition: { script: '1' } },
        variables: {},
        secrets: {},
      },
      'scripts_off',
    ],
  ])('is an error, neither up nor down, when it cannot be made (%#)', async (material, code) => {
    expect(await check(material)).toMatchObject({ outcome: 'error', error: { code } });
  });
});
