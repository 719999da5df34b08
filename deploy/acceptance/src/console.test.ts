import { AxeBuilder } from '@axe-core/playwright';
import { startHttpTarget, startWebhookFake } from '@tocsin/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRunBrowsers } from './browser.fixture.js';
import { ADMINISTRATOR, type Desk, pagesOf, signIn, startBrowser, startDesk } from './console.fixture.js';
import { alertConfig, type Json, type Product, startProduct } from './product.fixture.js';

describe.skipIf(!canRunBrowsers())('the console', () => {
  let product: Product;
  let target: Awaited<ReturnType<typeof startHttpTarget>>;
  let hook: Awaited<ReturnType<typeof startWebhookFake>>;
  let browser: Browser;
  let ann: Desk;
  beforeAll(async () => {
    [product, target, hook, browser] = await Promise.all([
      startProduct({ TOCSIN_RUN_SCRIPTS: 'on' }),
      startHttpTarget(),
      startWebhookFake(),
      startBrowser(),
    ]);
    ann = await startDesk(browser, product);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await target?.stop();
    await hook?.stop();
  }, 60_000);

  it('asks who is the first administrator, and nobody after', { timeout: 60_000 }, async () => {
    const { page, open } = ann;
    await open('/');
    await page.getByLabel('Your name').fill(ADMINISTRATOR.name);
    await page.getByLabel('E-mail').fill(ADMINISTRATOR.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(ADMINISTRATOR.password);
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const other = await startDesk(browser, product);
    await other.open('/');
    expect(new URL(other.page.url()).pathname).toBe('/sign-in');
    await other.context.close();
  });

  it('takes a monitor from its form to an alert that explains itself, live', {
    timeout: 120_000,
  }, async () => {
    const { page, open, complaints } = ann;
    const config = { url: `${hook.origin}/in`, method: 'POST' };
    await product.post('notification-providers', { name: 'hook', type: 'webhook', config });

    // 1. A monitor, tried before it is saved
    await open('/monitors/new');
    await page.getByRole('textbox', { name: /^Name/ }).fill('shop');
    await page.getByRole('textbox', { name: /^Address/ }).fill(`${target.url}/`);
    await page.getByLabel('Interval').fill('1');
    await page.getByRole('switch', { name: 'Raise alerts' }).click({ force: true });
    await page.getByLabel('Failures in a row').fill('2');
    await page.getByRole('combobox', { name: 'Who is told' }).click();
    await page.getByRole('option', { name: /hook/ }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Check once' }).click();
    await page.getByRole('region', { name: 'Test it now' }).getByText('Up', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Create monitor' }).click();
    await page.getByRole('heading', { name: 'shop' }).waitFor();
    await page.getByText('Up', { exact: true }).first().waitFor();

    // 2. It breaks, and the page says so by itself
    await open('/');
    await target.set('error');
    await page.getByText('shop is down').waitFor();
    await page.getByRole('button', { name: 'Acknowledge the alert of shop' }).click();
    await page
      .getByText(/ann@example/)
      .first()
      .waitFor();

    // 3. It is repaired; its page tells the whole story
    await page.getByText('shop is down').click();
    await target.set('up');
    await page.getByText('Resolved', { exact: true }).first().waitFor();
    const story = page.getByRole('main');
    await expect.poll(async () => await story.innerText(), { timeout: 20_000 }).toMatch(/Alert raised/);
    for (const words of [/the status is 500/i, /Decided by revision 1/, /Acknowledged/i, /hook/])
      expect(await story.innerText()).toMatch(words);
    await expect
      .poll(() => hook.received.map(({ json }) => (json as Json).event))
      .toEqual(['alert.raised', 'alert.resolved']);
    expect(complaints).toEqual([]);
  });

  it('runs a job with a browser test and shows what it says while it runs', {
    timeout: 120_000,
  }, async () => {
    const { page, open, complaints } = ann;
    const script = `import { test, expect } from '@playwright/test';
test('front page', async ({ page }) => {
  console.log('here it begins');
  expect((await page.goto('${target.url}/'))?.status()).toBe(200);
});`;
    const test = await product.post('tests', { name: 'front page', kind: 'browser', definition: { script } });
    const job = await product.post('jobs', { name: 'nightly', tests: [test.id], cron: '0 3 * * *' });
    await open(`/jobs/${job.id}`);
    await page.getByRole('button', { name: /^Run/ }).first().click();
    await page.waitForURL(/\/runs\//);
    await page.getByText('here it begins').first().waitFor({ timeout: 30_000 });
    await page.getByText('Passed', { exact: true }).first().waitFor({ timeout: 30_000 });
    expect(complaints).toEqual([]);
  });

  it('offers a viewer nothing that changes anything, and the api refuses it too', {
    timeout: 90_000,
  }, async () => {
    const password = 'only looking around';
    const made = await product.post('users', {
      email: 'vi@example.com',
      name: 'Vi',
      role: 'viewer',
      password,
    });
    expect(made.role).toBe('viewer');
    const vi = await startDesk(browser, product);
    await signIn(vi, 'vi@example.com', password);
    await vi.open('/monitors');
    await vi.page.getByText('shop').first().waitFor();
    expect(await vi.page.getByRole('link', { name: 'New monitor' }).count()).toBe(0);
    expect(await vi.page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    const status = await vi.page.evaluate(async () => {
      const answer = await fetch('/api/v1/monitors', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      return answer.status;
    });
    expect(status).toBe(403);
    await vi.context.close();
  });

  it('shows what people wrote as text, and runs none of it', { timeout: 240_000 }, async () => {
    const evil = [
      '<img src=x onerror=alert(1)>',
      '"><script>alert(2)</script>',
      "javascript:alert(3)//'",
      '{{constructor.constructor("alert(4)")()}}',
      '<svg/onload=alert(5)>',
    ];
    const ids = await everything(product, target.url, evil);
    const { page, open, complaints, context } = ann;
    await context.addInitScript(() => {
      Object.assign(globalThis, {
        alert: (what: unknown) => Promise.reject(new Error(`executed ${String(what)}`)),
      });
    });
    for (const path of pagesOf(ids)) {
      await open(path);
      await page.waitForTimeout(300);
    }
    expect(complaints).toEqual([]);
    await open('/monitors');
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  });

  it('has no serious accessibility finding on any page', { timeout: 300_000 }, async () => {
    const { page, open } = ann;
    const ids = await everything(product, target.url, ['plain']);
    const found: string[] = [];
    for (const path of pagesOf(ids)) {
      await open(path);
      await page.waitForTimeout(300);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${path.replace(/[0-9a-f-]{36}/, ':id')}: ${id} at ${nodes[0]?.target.join(' ')}`);
    }
    expect(found).toEqual([]);
  });
});

/** One of each thing there is, named with these words. */
async function everything(product: Product, url: string, words: readonly string[]) {
  const [name = 'x', text = name] = words;
  const all = words.join(' ');
  const provider = await product.post('notification-providers', {
    name,
    type: 'webhook',
    config: { url: 'https://hooks.example.com/in' },
  });
  const monitor = await product.post('monitors', {
    name,
    type: 'http_request',
    target: `${url}/gone`,
    description: all,
    tags: words.map((word) => word.slice(0, 50)),
    intervalSeconds: 1,
    config: { keywordInBody: text },
    alertConfig: alertConfig([provider.id], { failureThreshold: 1, customMessage: all }),
  });
  const test = await product.post('tests', {
    name,
    kind: 'api',
    description: all,
    definition: {
      steps: [{ name: text, url: `${url}/`, assert: [{ that: 'body', is: 'containing', value: text }] }],
    },
  });
  const job = await product.post('jobs', { name, description: all, tests: [test.id], cron: '0 3 * * *' });
  await product.call('POST', 'variables', { name: `V${job.id.slice(-6).toUpperCase()}`, value: all });
  await product.post('tokens', { name, scopes: ['read'] });
  await product.post(`jobs/${job.id}/keys`, { name });
  const { runId } = await product.post(`jobs/${job.id}/run`);
  const finished = async () => (await product.get(`runs/${runId}`)).finishedAt;
  await expect.poll(finished, { timeout: 20_000 }).not.toBeNull();
  const alerts = async () => (await product.get(`alerts?targetId=${monitor.id}`)).items as Json[];
  await expect.poll(async () => (await alerts()).length, { timeout: 20_000 }).toBeGreaterThan(0);
  const [alert] = await alerts();
  await product.post(`monitors/${monitor.id}/pause`);
  return {
    provider: provider.id,
    monitor: monitor.id,
    test: test.id,
    job: job.id,
    run: runId,
    alert: alert.id,
  } as const;
}
