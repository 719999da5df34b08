import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startHttpTarget, startWebhookFake } from '@tocsin/testing';
import { canRunBrowsers } from './browser.fixture.js';
import { ADMINISTRATOR, pagesOf, startBrowser, startDesk } from './console.fixture.js';
import { alertConfig, type Json, type Product, startProduct } from './product.fixture.js';

/** `npm run screenshots [-- folder]`: every page of the console over a small real world, to be looked at. */
if (!canRunBrowsers()) {
  console.error('there is no browser: install chromium-headless-shell, or set TOCSIN_CHROMIUM');
  process.exit(1);
}
const folder = path.resolve(process.argv[2] ?? 'screenshots');
mkdirSync(folder, { recursive: true });

const [product, target, hook, browser] = await Promise.all([
  startProduct({ TOCSIN_RUN_SCRIPTS: 'on' }),
  startHttpTarget(),
  startWebhookFake(),
  startBrowser(),
]);
try {
  await product.post('setup', ADMINISTRATOR);
  const ids = await world(product, target.url, hook.origin);
  for (const scheme of ['light', 'dark'] as const)
    for (const [device, viewport] of [
      ['desktop', { width: 1_440, height: 900 }],
      ['phone', { width: 390, height: 844 }],
    ] as const) {
      const { page, open, context } = await startDesk(browser, product);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await context.request.post(`${product.local.url}/api/v1/session`, {
        data: { email: ADMINISTRATOR.email, password: ADMINISTRATOR.password },
        headers: { origin: product.local.url },
      });
      for (const route of pagesOf(ids)) {
        await open(route);
        await delay(1_200);
        const name = route
          .replaceAll(/[0-9a-f-]{36}/g, 'one')
          .replaceAll(/\W+/g, '-')
          .replace(/^-$/, '-overview');
        await page.screenshot({ path: path.join(folder, `${device}-${scheme}${name}.png`) });
      }
      await context.close();
      console.log(`${device}, ${scheme}: done`);
    }
} finally {
  await browser.close();
  await product.stop();
  await target.stop();
  await hook.stop();
}
console.log(`written to ${folder}`);
process.exit(0);

/** Some things that are well, some that are not. */
async function world({ post, get }: Product, well: string, told: string) {
  const provider = await post('notification-providers', {
    name: 'Operations channel',
    type: 'webhook',
    config: { url: `${told}/in` },
  });
  const policy = alertConfig([provider.id]);
  const monitor = async (name: string, address: string, tags: string[], rest: Json = {}) =>
    await post('monitors', {
      name,
      type: 'http_request',
      target: address,
      tags,
      intervalSeconds: 2,
      alertConfig: policy,
      ...rest,
    });
  const names = [
    'Shop',
    'Shop: search',
    'Blog',
    'Status page',
    'Accounts',
    'Payments',
    'Warehouse',
    'Intranet',
  ];
  for (const name of names) await monitor(name, `${well}/${name.toLowerCase()}`, ['production']);
  const broken = await monitor('Shop: checkout', 'http://127.0.0.1:9/checkout', ['production', 'shop']);
  await monitor('Mail relay', `${well}/mail`, ['internal'], { config: { expectedStatusCodes: '204' } });
  await monitor('Old shop', `${well}/old`, ['retired'], { enabled: false });
  const step = {
    name: 'front page',
    url: `${well}/`,
    assert: [{ that: 'body', is: 'containing', value: 'well' }],
  };
  const test = await post('tests', {
    name: 'Order a book',
    kind: 'browser',
    tags: ['shop'],
    definition: {
      script: `import { expect, test } from '@playwright/test';

test('order a book', async ({ page }) => {
  await page.goto('${well}/');
  console.log('the front page is there');
  await expect(page.locator('body')).toContainText('added to your basket', { timeout: 800 });
});
`,
    },
  });
  const api = await post('tests', {
    name: 'Front page answers',
    kind: 'api',
    definition: { steps: [step] },
  });
  const job = await post('jobs', {
    name: 'Nightly shopping',
    tests: [api.id, test.id],
    cron: '0 3 * * 1-5',
    timeZone: 'Europe/Berlin',
    alertConfig: { ...policy, failureThreshold: 1 },
  });
  const good = await post('jobs', { name: 'Front page', tests: [api.id], cron: '*/5 * * * *' });
  await post(`jobs/${good.id}/run`);
  await post('variables', { name: 'BASE_URL', value: 'https://shop.example.com' });
  await post('variables', { name: 'SHOP_PASSWORD', value: 'not-shown-again', secret: true });
  const { runId } = await post(`jobs/${job.id}/run`);
  while ((await get(`runs/${runId}`)).finishedAt === null) await delay(200);
  await delay(60_000);
  const [alert] = (await get(`alerts?targetId=${broken.id}`)).items as Json[];
  return {
    monitor: broken.id,
    job: job.id,
    test: test.id,
    provider: provider.id,
    alert: alert.id,
    run: runId,
  } as const;
}
