/** People, roles, the audit log, settings and health, as an administrator sees them. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { axe, isTold, test, openConsole, startConsole } from './support/openConsole.ts';

let server: TestServer;
let admin: Person;
let bob: Person;

beforeAll(async () => {
  server = await startConsole();
  admin = await server.admin();
  bob = await server.person('Bob');
});
afterAll(() => server.close());

test('a role is made and given to somebody, who is suspended, told so at once, and let in again', async () => {
  await using hers = await openConsole(server, admin, '/admin/roles');
  const { page } = hers;
  await page.getByLabel(/^Name/).fill('auditor');
  await page.getByLabel('everywhere').check();
  await page.getByLabel('Description').fill('Reads the log.');
  await page.getByRole('button', { name: 'Make the role' }).click();
  await page.getByRole('row', { name: /auditor Reads the log/ }).waitFor();
  const { epoch } = await admin.client.policies.matrix.query();
  const rule = {
    kind: 'permission',
    role: 'auditor',
    object: 'audit',
    action: 'system',
    effect: 'allow',
  } as const;
  await admin.client.policies.apply.mutate({
    changes: [{ op: 'add', rule }],
    baseEpoch: epoch,
    reason: 'Auditors',
  });

  await using his = await openConsole(server, bob, '/projects');
  const navigation = his.page.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link', { name: 'Projects' }).waitFor();
  expect(await navigation.getByRole('link', { name: 'Administration' }).count()).toBe(0);
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await page.getByLabel('Find by name, username or address').fill('bob');
  await page.getByRole('link', { name: 'Bob' }).click();
  await page.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'auditor' }).click();
  await page.getByRole('button', { name: 'Give this role' }).click();
  await isTold(page, 'Bob is auditor now.');
  await navigation.getByRole('link', { name: 'Administration' }).click();
  await his.page.getByRole('heading', { name: 'Audit log' }).waitFor();

  await page.getByLabel(/^Credits/).fill('250');
  await page.getByLabel(/^Reason/).fill('A welcome');
  await page.getByRole('button', { name: 'Give the credits' }).click();
  await isTold(page, '250 credits for Bob.');
  expect((await bob.client.credits.balance.query({})).balance).toBe(250);
  await page.getByRole('button', { name: 'Suspend Bob' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend Bob' }).click();
  await his.page.getByRole('heading', { name: 'Your account is suspended' }).waitFor();
  await axe(his.page);
  await page.getByRole('button', { name: 'Let Bob act again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let Bob act again' }).click();
  await page.getByRole('button', { name: 'Suspend Bob' }).waitFor();
  await his.page.getByRole('button', { name: 'Try again' }).click();
  await his.page.getByRole('heading', { name: 'Audit log' }).waitFor();
  await page.getByRole('button', { name: 'Delete Bob' }).click();
  await axe(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: /^What Bob has done/ }).click();
  await page.getByRole('combobox', { name: 'Person' }).waitFor();
  await expect.poll(() => page.getByRole('combobox', { name: 'Person' }).inputValue()).toContain('Bob');
});

test('the audit log is narrowed, checked and taken away as a file; a project has its own', async () => {
  const cid = await server.person('Cid');
  const { id: projectId } = await admin.client.projects.create.mutate({ name: 'Deltas' });
  await admin.client.projects.update.mutate({ projectId, name: 'Deltas of rivers' });
  await admin.client.actors.suspend.mutate({ actorId: cid.id });
  await using hers = await openConsole(server, admin, '/admin/audit');
  const { page } = hers;
  const rows = page.getByRole('table', { name: 'Audit log' }).getByRole('row');
  await page.getByRole('combobox', { name: 'What happened' }).click();
  await page.getByRole('option', { name: 'Changed' }).click();
  await page.getByLabel('Its id').fill(cid.id);
  await rows.filter({ hasText: /Admin .*changed an account.*suspended/ }).waitFor();
  await expect.poll(() => rows.filter({ hasNotText: cid.id }).count()).toBe(1);
  await page.getByRole('button', { name: 'Check the seals' }).click();
  await page.getByText('The log is as it was written.').waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as CSV' }).click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  expect(text).toContain(cid.id);
  await page.getByLabel('To', { exact: true }).fill('2020-01-01');
  await page.getByText('Nothing of this kind is in the log.').waitFor();

  await page.goto(`${server.url}/projects/${projectId}/audit`);
  await page.getByRole('heading', { name: 'Audit log of Deltas of rivers' }).waitFor();
  await page
    .getByRole('deletion')
    .filter({ hasText: /^Deltas$/ })
    .waitFor();
});

test('settings and health are read in words, secrets by nobody, and what is wrong comes with what to do', async () => {
  await using hers = await openConsole(server, admin, '/admin/health');
  const { page } = hers;
  await page.getByRole('heading', { name: 'Nodes' }).waitFor();
  await page.getByText('answers you').waitFor();
  await page.getByText('✓ All its parts work.').waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Find a setting').fill('console_dir');
  await page.getByRole('cell', { name: /CONSOLE_DIR set/ }).waitFor();
  await page.getByLabel('Find a setting').fill('');
});
