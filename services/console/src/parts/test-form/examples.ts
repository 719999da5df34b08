import type { TestKind } from '@tocsin/monitoring';

const browser = `import { expect, test } from '@playwright/test';

// Variables of the project are in process.env: process.env.SHOP_PASSWORD
test('the front page opens', async ({ page }) => {
  await page.goto('https://example.com/');
  await expect(page).toHaveTitle(/Example/);

  await page.getByRole('link', { name: /more|learn/i }).click();
  await expect(page).toHaveURL(/iana/);
});
`;

const api = {
  variables: { BASE: 'https://api.example.com' },
  steps: [
    {
      name: 'sign in',
      method: 'POST',
      url: '{{BASE}}/sessions',
      headers: { 'content-type': 'application/json' },
      body: '{"user": "probe", "password": "{{API_PASSWORD}}"}',
      extract: [{ from: 'json', path: '$.token', as: 'token' }],
      assert: [{ that: 'status', is: '200-201' }],
    },
    {
      name: 'read the orders',
      url: '{{BASE}}/orders',
      headers: { authorization: 'Bearer {{token}}' },
      assert: [
        { that: 'json', path: '$.items[0].id', is: 'present' },
        { that: 'time', atMostMs: 2000 },
      ],
    },
  ],
};

/** Where a new test of each kind begins. */
export const EXAMPLES: Record<TestKind, string> = {
  browser,
  api: `${JSON.stringify(api, null, 2)}\n`,
};
