import { setTimeout as delay } from 'node:timers/promises';
import { startHttpTarget, startWebhookFake } from '@tocsin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRunBrowsers } from './browser.fixture.js';
import { alertConfig, type Json, type Product, startProduct } from './product.fixture.js';

let product: Product;
let target: Awaited<ReturnType<typeof startHttpTarget>>;
let hook: Awaited<ReturnType<typeof startWebhookFake>>;
let provider: string;
beforeAll(async () => {
  [product, target, hook] = await Promise.all([
    startProduct({ TOCSIN_RUN_SCRIPTS: 'on' }),
    startHttpTarget(),
    startWebhookFake(),
  ]);
  const config = { url: `${hook.origin}/in`, method: 'POST' };
  provider = (await product.post('notification-providers', { name: 'hook', type: 'webhook', config })).id;
}, 90_000);
afterAll(async () => {
  await product?.stop();
  await target?.stop();
  await hook?.stop();
}, 30_000);

const told = (jobId: string) =>
  hook.received.flatMap(({ json }) => {
    const { event, alert } = json as Json;
    return alert.targetId === jobId ? [`${event} ${alert.type}`] : [];
  });
const apiTest = async (path = '/') =>
  await product.post('tests', {
    name: `GET ${path}`,
    kind: 'api',
    definition: { steps: [{ name: 'front page', url: `${target.url}${path}` }] },
  });
const browserTest = async (script: string) =>
  await product.post('tests', { name: 'script', kind: 'browser', definition: { script } });
const jobOf = async (test: Json, rest: Json = {}) =>
  await product.post('jobs', { name: 'job', tests: [test.id], ...rest });

async function finished(runId: string, timeout = 60_000): Promise<Json> {
  const run = async () => await product.get(`runs/${runId}`);
  await expect.poll(async () => (await run()).finishedAt, { timeout, interval: 100 }).not.toBeNull();
  return await run();
}
async function ran(job: Json): Promise<Json> {
  return await finished((await product.post(`jobs/${job.id}/run`)).runId);
}

describe('a job', () => {
  it('runs on its cron, its next runs shown', { timeout: 60_000 }, async () => {
    const job = await jobOf(await apiTest(), { cron: '* * * * * *', timeZone: 'Europe/Berlin' });
    expect(job.nextRuns).toHaveLength(5);
    const runs = async () => (await product.get(`jobs/${job.id}/runs?status=passed`)).items as Json[];
    await expect.poll(async () => (await runs()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
    const [run] = await runs();
    expect(run).toMatchObject({ trigger: 'schedule', status: 'passed', testCount: 1, error: null });
    const slots = (await runs()).map(({ slot }) => slot);
    expect(new Set(slots).size).toBe(slots.length);
    await product.call('DELETE', `jobs/${job.id}`);
  });

  it('is started by another system with a key of its own, which starts nothing else', async () => {
    const job = await jobOf(await apiTest());
    const other = await jobOf(await apiTest());
    const { key } = await product.post(`jobs/${job.id}/keys`, { name: 'ci', limit: 2, perSeconds: 60 });
    const trigger = (id: string) =>
      product.call('POST', `jobs/${id}/trigger`, undefined, { authorization: `Bearer ${key}` });
    const first = await trigger(job.id);
    expect(first).toMatchObject({
      status: 202,
      body: { jobId: job.id, jobName: 'job', status: 'queued', testCount: 1, triggeredBy: 'ci' },
    });
    expect((await trigger(other.id)).status).toBe(401);
    expect((await trigger(job.id)).status).toBe(202);
    const third = await trigger(job.id);
    expect(third.status).toBe(429);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await finished(first.body.runId)).toMatchObject({ status: 'passed', trigger: 'remote' });
  });

  it('K7 K9 alerts once at its threshold, and once when it is over', { timeout: 90_000 }, async () => {
    const job = await jobOf(await apiTest('/shop'), { alertConfig: alertConfig([provider]) });
    await target.set('error');
    const failed = await ran(job);
    expect(failed).toMatchObject({ status: 'failed', tests: [{ status: 'failed', attempts: 1 }] });
    expect(failed.tests[0].error.message).toContain('500');
    await delay(500);
    expect(told(job.id)).toEqual([]);
    await ran(job);
    await ran(job);
    await target.set('up');
    await ran(job);
    await ran(job);
    await expect.poll(() => told(job.id)).toEqual(['alert.raised failure', 'alert.resolved failure']);
  });

  it('K6 that takes too long is a timeout, and alerts as one', { timeout: 60_000 }, async () => {
    await target.set('slow');
    const settings = { failureThreshold: 1, alertOnTimeout: true };
    const job = await jobOf(await apiTest('/slow'), {
      timeoutSeconds: 1,
      alertConfig: alertConfig([provider], settings),
    });
    expect(await ran(job)).toMatchObject({ status: 'timeout' });
    await target.set('up');
    await expect.poll(() => told(job.id)).toEqual(['alert.raised timeout']);
  });

  it('K8 whose executor is killed ends as error, alerts nobody, and the queue goes on', {
    timeout: 120_000,
  }, async () => {
    await target.set('hang');
    const settings = { failureThreshold: 1 };
    const job = await jobOf(await apiTest('/killed'), {
      timeoutSeconds: 50,
      alertConfig: alertConfig([provider], settings),
    });
    const { runId } = await product.post(`jobs/${job.id}/run`);
    const next = await product.post(`jobs/${job.id}/run`);
    const state = async () => (await product.get(`runs/${runId}`)).status;
    await expect.poll(state, { timeout: 10_000 }).toBe('running');
    product.local.services.executor?.kill('SIGKILL');
    await target.set('up');
    expect(await finished(runId, 80_000)).toMatchObject({
      status: 'error',
      error: { code: 'executor_lost' },
    });
    expect(await finished(next.runId)).toMatchObject({ status: 'passed' });
    expect(told(job.id)).toEqual([]);
  });
});

describe.skipIf(!canRunBrowsers())('a browser test', () => {
  it('runs in Chromium, says what it does while it does it, and leaves its report', {
    timeout: 120_000,
  }, async () => {
    await product.post('variables', { name: 'SHOP_PASSWORD', value: 'hunter2-canary', secret: true });
    const job = await jobOf(
      await browserTest(`
        import { test, expect } from '@playwright/test';
        test('the front page', async ({ page }) => {
          console.log('the password is', process.env.SHOP_PASSWORD);
          await page.goto('${target.url}/');
          await expect(page.locator('body')).toContainText('something that is not there', { timeout: 1000 });
        });`),
      { alertConfig: alertConfig([provider], { failureThreshold: 1 }) },
    );
    const { runId } = await product.post(`jobs/${job.id}/run`);
    const output = await product.call('GET', `runs/${runId}/output`);
    expect(output.body).toContain('the password is ********');
    expect(output.body).toContain('event: state');
    const run = await finished(runId);
    expect(run).toMatchObject({ status: 'failed', tests: [{ kind: 'browser', status: 'failed' }] });
    expect(run.tests[0].error.message).toContain('something that is not there');
    const kinds = run.artifacts.map(({ kind }: Json) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['report', 'trace', 'screenshot', 'console']));
    const report = run.artifacts.find(({ kind }: Json) => kind === 'report');
    const page = await product.call('GET', new URL(report.url).pathname);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
    expect(page.body).toContain('<html');
    expect(JSON.stringify([run, output.body, page.body])).not.toContain('hunter2-canary');
    await expect.poll(() => told(job.id)).toEqual(['alert.raised failure']);
  });

  it('that ignores being told to stop is stopped when its run is cancelled', {
    timeout: 90_000,
  }, async () => {
    const job = await jobOf(
      await browserTest(`
        import { spawn } from 'node:child_process';
        import { test } from '@playwright/test';
        process.on('SIGTERM', () => {});
        test('stubborn', async () => {
          spawn('sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { detached: true, stdio: 'ignore' }).unref();
          console.log('it begins');
          await new Promise((resolve) => setTimeout(resolve, 600_000));
        });`),
    );
    const { runId } = await product.post(`jobs/${job.id}/run`);
    await expect
      .poll(async () => (await product.get(`runs/${runId}`)).status, { timeout: 20_000 })
      .toBe('running');
    await delay(2_000);
    expect((await product.call('POST', `runs/${runId}/cancel`)).status).toBe(202);
    expect(await finished(runId, 20_000)).toMatchObject({ status: 'cancelled' });
  });

  it('is watched as a monitor of kind synthetic_test', { timeout: 90_000 }, async () => {
    const test = await browserTest(`
      import { test, expect } from '@playwright/test';
      test('answers', async ({ page }) => {
        expect((await page.goto('${target.url}/'))?.status()).toBe(200);
      });`);
    const monitor = await product.post('monitors', {
      name: 'shop in a browser',
      type: 'synthetic_test',
      intervalSeconds: 5,
      config: { testId: test.id },
      alertConfig: alertConfig([provider], { failureThreshold: 1, recoveryThreshold: 1 }),
    });
    const status = async () => (await product.get(`monitors/${monitor.id}`)).status;
    await expect.poll(status, { timeout: 30_000 }).toBe('up');
    await target.set('error');
    await expect.poll(status, { timeout: 40_000 }).toBe('down');
    await target.set('up');
    await expect.poll(status, { timeout: 40_000 }).toBe('up');
    await expect.poll(() => told(monitor.id)).toEqual(['alert.raised failure', 'alert.resolved failure']);
    await product.call('DELETE', `monitors/${monitor.id}`);
  });
});
