import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './browser.fixture.js';
import type { Product } from './product.fixture.js';

export interface Desk {
  readonly page: Page;
  readonly context: BrowserContext;
  /** what the page said was wrong with itself: errors that were thrown, and dialogs that nobody asked for */
  readonly complaints: readonly string[];
  readonly open: (path: string) => Promise<void>;
}

export const ADMINISTRATOR = {
  name: 'Ann',
  email: 'ann@example.com',
  password: 'correct horse battery',
} as const;

/** @throws when there is no browser: ask `canRunBrowsers` first */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath() ?? '', args: ['--no-sandbox', '--disable-gpu'] });

/** Somebody in front of a browser of their own. */
export async function startDesk(browser: Browser, product: Product): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    page,
    context,
    complaints,
    open: async (path) => {
      await page.goto(`${product.local.url}${path}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
    },
  };
}

export async function signIn({ page, open }: Desk, email: string, password: string): Promise<void> {
  await open('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

/** Every page that has no parameters, and those of these things. */
export const pagesOf = (
  ids: Readonly<Record<'monitor' | 'job' | 'test' | 'provider' | 'alert' | 'run', string>>,
) => [
  '/',
  '/monitors',
  '/monitors/new',
  `/monitors/${ids.monitor}`,
  `/monitors/${ids.monitor}?tab=results`,
  `/monitors/${ids.monitor}?tab=history`,
  `/monitors/${ids.monitor}/edit`,
  '/alerts',
  `/alerts/${ids.alert}`,
  '/jobs',
  '/jobs/new',
  `/jobs/${ids.job}`,
  `/jobs/${ids.job}/edit`,
  '/tests',
  '/tests/new',
  `/tests/${ids.test}`,
  '/runs',
  `/runs/${ids.run}`,
  '/providers',
  '/providers/new',
  `/providers/${ids.provider}`,
  '/settings/variables',
  '/settings/tokens',
  '/settings/users',
  '/settings/audit',
  '/settings/account',
];
