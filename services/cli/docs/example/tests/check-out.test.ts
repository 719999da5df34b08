import { expect, test } from '@playwright/test';

test('somebody buys something', async ({ page }) => {
  await page.goto(`${process.env.BASE_URL}/`);
  await page.getByRole('button', { name: 'Add to basket' }).first().click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await expect(page.getByText('Your order')).toBeVisible();
});
