/** Credits are bought, the receipt is there, and an administrator pays back: both see how it stands. */
import { afterAll, beforeAll } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { axe, test, openConsole, startConsole } from './support/openConsole.ts';

let server: TestServer;
let admin: Person;
let bob: Person;

beforeAll(async () => {
  const packages = [{ id: 'small', credits: 100, amountCents: 500, currency: 'EUR', productId: 'small' }];
  server = await startConsole({ settings: { PAYMENTS: 'test', CREDIT_PACKAGES: JSON.stringify(packages) } });
  [admin, bob] = [await server.admin(), await server.person('Bob')];
});
afterAll(() => server.close());

test('a purchase that was left is gone on with, has its receipt, and is paid back in part by an administrator', async () => {
  await using his = await openConsole(server, bob, '/credits');
  const { page } = his;
  await page.getByRole('button', { name: 'Buy 100 credits' }).click();
  await page.getByRole('heading', { name: 'Test payment' }).waitFor();
  await page.getByRole('link', { name: 'Back to the credits' }).click();
  await page.getByRole('tab', { name: 'Purchases' }).click();
  const row = page.getByRole('row', { name: /€5\.00/ });
  await row.getByText('Not paid').waitFor();
  await row.getByRole('link', { name: 'Go on to pay' }).click();
  await page.getByRole('button', { name: 'Pay 5.00 EUR' }).click();
  await page.getByRole('link', { name: 'Back to the credits' }).click();
  await page.locator('[data-figure=Available]').getByText('100 credits').waitFor();
  await page.getByRole('tab', { name: 'Purchases' }).click();
  await row.getByText('Paid', { exact: true }).waitFor();

  await using hers = await openConsole(server, admin, `/admin/people/${bob.id}`);
  await hers.page.getByRole('link', { name: /has bought$/ }).click();
  const payment = hers.page.getByRole('row', { name: /^.* Bob/ });
  await payment.getByRole('button', { name: /^Pay back €5\.00 to Bob/ }).click();
  const dialog = hers.page.getByRole('dialog');
  await dialog.getByLabel('Amount in EUR').fill('1.00');
  await dialog.getByLabel('Reason').fill('As you asked');
  await axe(hers.page);
  await dialog.getByRole('button', { name: 'Pay back', exact: true }).click();
  await payment.getByText('Partly paid back').waitFor();
  await payment.getByText('€1.00 came back, and 20 credits went for that.').waitFor();
  await payment.getByRole('button', { name: /^Pay back €4\.00/ }).waitFor();

  // The buyer's page says so by itself.
  await row.getByText('€1.00 came back, and 20 credits went for that.').waitFor();
  await row.getByRole('button', { name: /^Receipt for €5\.00/ }).click();
  await page.getByText('100 credits for 5.00 EUR: succeeded').waitFor();
});
