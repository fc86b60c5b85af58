/** The permission policy: looked at, changed, explained, and felt by the other at once. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { axe, isTold, phone, test, openConsole, startConsole } from './support/openConsole.ts';

let server: TestServer;
let admin: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  server = await startConsole();
  admin = await server.admin();
  bob = await server.person('Bob');
  ({ id: projectId } = await admin.client.projects.create.mutate({ name: 'Atlas' }));
  await admin.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
});
afterAll(() => server.close());

test('a right is taken away by a change that was looked at before, the other’s page says so at once, and a rollback gives it back', async () => {
  await using his = await openConsole(server, bob, `/projects/${projectId}/members`);
  await his.page.getByRole('row', { name: /Bob/ }).waitFor();
  await using hers = await openConsole(server, admin, '/admin');
  const { page } = hers;
  await page.getByRole('heading', { name: 'Permissions' }).waitFor();
  await page.getByLabel('Find a permission').fill('members.list');
  const grid = page.getByRole('grid', { name: 'Permissions by role' });
  await grid.getByRole('button', { name: /^viewer may members.list by a rule of its own/ }).click();
  const draft = page.getByRole('region', { name: 'Drafted changes' });
  await draft.getByText('Take away: viewer may members.list').waitFor();
  await draft.getByText('Nothing stands in the way of these changes.').waitFor();
  await draft.getByText('1 person loses: Bob').waitFor();
  await draft.getByRole('row', { name: 'editor members.list ↑ allowed, inherited – not allowed' }).waitFor();
  await page.getByLabel('Find a permission').fill('members');

  // Somebody else is faster: what they changed is shown, and the draft stays.
  const { epoch } = await admin.client.policies.matrix.query();
  const rule = {
    kind: 'permission',
    role: 'guest',
    object: 'stars',
    action: 'list',
    effect: 'allow',
  } as const;
  const other = { changes: [{ op: 'add' as const, rule }], baseEpoch: epoch, reason: 'Guests see stars' };
  await admin.client.policies.apply.mutate(other);
  await draft.getByLabel('Reason').fill('Members are private');
  await draft.getByRole('button', { name: 'Apply the changes' }).click();
  await draft.getByText('The policy has changed meanwhile.').waitFor();
  await draft.getByRole('button', { name: 'Leave out “Take away: viewer may members.list”' }).waitFor();
  await draft
    .getByText(/Guests see stars/)
    .first()
    .waitFor();
  await draft.getByRole('button', { name: 'Go on with the newest policy' }).click();
  await draft.getByText('Nothing stands in the way of these changes.').waitFor();
  await draft.getByRole('button', { name: 'Apply the changes' }).click();
  await isTold(page, /The policy is changed/);

  await his.page.getByRole('heading', { name: 'You may not use this page' }).waitFor();
  await isTold(his.page, /You may no longer: .*members.list/);
  await his.page.getByRole('link', { name: 'Members' }).waitFor({ state: 'detached' });
  await axe(his.page);

  await page.getByRole('link', { name: 'History' }).click();
  const newest = page.getByRole('listitem', { name: /^Version/ }).first();
  await newest.getByText('Members are private').waitFor();
  await page.getByRole('button', { name: `Roll back to version ${epoch + 1}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 person gains: Bob').waitFor();
  await axe(page);
  await dialog.getByLabel('Reason').fill('Members may see each other');
  await dialog.getByRole('button', { name: /^Roll back/ }).click();
  await isTold(page, /The policy is again as it was/);
  await his.page.getByRole('row', { name: /Bob/ }).waitFor();
});

test('the matrix is walked by keyboard, and a phone shows one role', async () => {
  await using hers = await openConsole(server, admin, '/admin/policy');
  const { page } = hers;
  const focused = () =>
    page.evaluate(
      'document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent',
    );
  await page.getByRole('grid').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Open all groups' }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toMatch(/^\w+ may not actors\.get/);
  await page.keyboard.press('End');
  await expect.poll(focused).toMatch(/^admin may/);
  const last = await focused();
  await page.keyboard.press('Control+End');
  await expect.poll(focused).toMatch(/webhooks\./);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect.poll(focused).toBe(last);
  await page.keyboard.press('Space');
  await page.getByRole('region', { name: 'Drafted changes' }).waitFor();
  await page.getByRole('button', { name: 'Discard all' }).click();
  await page.setViewportSize(phone);
  await expect.poll(() => page.getByRole('grid').getByRole('columnheader').count()).toBe(2);
  await axe(page);
});

test('why somebody may do something is explained, and who can, and what they can', async () => {
  await using hers = await openConsole(server, admin, '/admin/explain');
  const { page } = hers;
  await page.getByRole('combobox', { name: 'Person' }).fill('bob');
  await page.getByRole('option', { name: /^Bob/ }).click();
  await page.getByRole('combobox', { name: 'Permission' }).fill('comments.add');
  await page.getByRole('option', { name: 'comments.add' }).click();
  await page.getByRole('combobox', { name: 'In the project' }).click();
  await page.getByRole('option', { name: 'Atlas' }).click();
  await page.getByText('Yes, they may comments.add.').waitFor();
  await page.getByText('editor: given in the project').waitFor();
  await page.getByText('Who can?').click();
  await page.getByRole('row', { name: /Bob/ }).waitFor();
  await axe(page);
  await page.getByText('What can they do?').click();
  await page.getByRole('region', { name: 'What they can do' }).waitFor();
  await axe(page);
});

test('a fixture refuses a change by its name and line, and the policy goes out as a file and in again', async () => {
  await using hers = await openConsole(server, admin, '/admin/policy/fixtures');
  const { page } = hers;
  await page.getByLabel('Name').fill('readers');
  await page.getByRole('button', { name: 'Store the fixture' }).click();
  await isTold(page, 'The fixture readers is stored.');
  await page.getByRole('button', { name: 'Test the policy now' }).click();
  await page.getByText('All 2 expectations hold.').waitFor();
  await page.getByRole('link', { name: 'Permissions', exact: true }).first().click();
  await page.getByLabel('Find a permission').fill('comments.add');
  await page.getByRole('button', { name: /^viewer may not comments.add/ }).click();
  await page.getByText('readers, line 7 (a viewer reads, and does not write)').waitFor();
  await axe(page);
  await page.getByRole('button', { name: 'Discard all' }).click();
  await page.getByRole('link', { name: 'Import and export' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the rules', exact: true }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^policy-\d+\.csv$/);
  const { policy } = await admin.client.policies.export.query({});
  await page.locator('input[type=file]').setInputFiles({
    name: 'policy.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`${policy}p, role:viewer, tasks, create, allow\n`),
  });
  await page.getByLabel('Reason').fill('From a file');
  await page.getByRole('button', { name: 'See what it would change' }).click();
  await page.getByText('added: viewer may tasks.create').waitFor();
  await axe(page);
});
