/** Issues: opened, found by their labels, discussed and edited by two side by side. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { axe, openConsole, startConsole, test } from './support/openConsole.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  projectId = (await ada.client.projects.create.mutate({ name: 'Rivers' })).id;
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'developer' });
});
afterAll(() => server.close());

const path = (rest = '') => `/projects/${projectId}/issues${rest}`;

test('an issue is opened and discussed live, names another, and is closed before the other’s eyes', async () => {
  await ada.client.issues.create.mutate({ projectId, title: 'The Rhine is too short', labels: ['data'] });
  await using his = await openConsole(server, bob, path());
  await using hers = await openConsole(server, ada, path('/new'));
  const { page } = hers;
  await page.getByLabel(/^Title/).fill('Lengths differ between maps');
  await page.getByLabel('Description').fill('See #1, and `#1` in code.');
  const labels = page.getByRole('combobox', { name: 'Labels' });
  await labels.fill('data');
  await labels.press('Enter');
  await labels.fill('maps');
  await labels.press('Enter');
  await labels.press('Escape');
  await page.getByRole('button', { name: 'Open the issue' }).click();
  await page.getByRole('heading', { level: 1, name: /#2 Lengths differ between maps/ }).waitFor();

  await his.page.getByRole('link', { name: 'Lengths differ between maps' }).waitFor();
  await his.page.getByText('data (2)').click();
  await his.page.getByText('maps (1)').click();
  await his.page.getByRole('link', { name: 'The Rhine is too short' }).waitFor({ state: 'detached' });
  await his.page.getByRole('link', { name: 'Lengths differ between maps' }).click();
  await his.page.getByRole('heading', { level: 1, name: /#2/ }).waitFor();
  await his.page.getByRole('textbox', { name: 'Comment on issue 2' }).fill('They use different mouths.');
  await his.page.keyboard.press('Control+Enter');
  await page.getByRole('article', { name: 'Comment by Bob' }).getByText('different mouths').waitFor();
  await page.getByRole('textbox', { name: 'Comment on issue 2' }).fill('Then say which.');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await his.page.getByRole('article', { name: 'Comment by Ada' }).getByText('Then say which.').waitFor();

  await page.getByRole('link', { name: '#1', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: /#1 The Rhine/ }).waitFor();
  await page
    .getByRole('list', { name: 'Referenced by' })
    .getByRole('link', { name: /#2 Lengths differ/ })
    .click();
  await page.getByRole('heading', { level: 1, name: /#2 Lengths differ/ }).waitFor();
  await page.getByRole('button', { name: 'Close the issue' }).click();
  await his.page.getByText('Closed', { exact: true }).waitFor();
  await his.page.getByRole('button', { name: 'Reopen the issue' }).click();
  await page.getByRole('button', { name: 'Close the issue' }).waitFor();
});

test('two edit the same issue, and nothing is lost', async () => {
  const { number, id } = await ada.client.issues.create.mutate({
    projectId,
    title: 'Mouths',
    labels: ['data'],
  });
  await using hers = await openConsole(server, ada, path(`/${number}`));
  // Where only its id is known, that leads to it too.
  await using his = await openConsole(server, bob, path(`/${id}`));
  for (const { page } of [hers, his]) {
    await page.getByRole('button', { name: 'Edit the issue' }).click();
    await page.getByLabel(/^Title/).waitFor();
  }
  await hers.page.getByLabel('Description').fill('All deltas.');
  await hers.page.getByLabel(/^Title/).fill('Mouths of rivers');
  await hers.page.getByRole('button', { name: 'Save' }).click();
  await hers.page.getByText('All deltas.').waitFor();
  await his.page.getByLabel(/^Title/).fill('Deltas');
  await his.page.getByRole('combobox', { name: 'Labels' }).fill('maps');
  await his.page.keyboard.press('Enter');
  await his.page.getByRole('button', { name: 'Save' }).click();
  await his.page.getByText('Title is now: “Mouths of rivers”').waitFor();
  await axe(his.page);
  await his.page.getByRole('button', { name: 'Take their title' }).click();
  await expect.poll(() => his.page.getByLabel(/^Title/).inputValue()).toBe('Mouths of rivers');
  await his.page.getByRole('button', { name: 'Save' }).click();
  await hers.page.getByRole('list', { name: 'Labels' }).getByText('maps').waitFor();
  await hers.page.getByText('All deltas.').waitFor();

  await hers.page.getByRole('button', { name: 'Delete the issue' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Delete the issue' }).click();
  await hers.page.getByRole('button', { name: 'Restore the issue' }).click();
  await hers.page.getByRole('heading', { level: 1, name: /Mouths of rivers/ }).waitFor();
});
