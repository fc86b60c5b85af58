import type { Page } from 'playwright-core';
import type { Visits } from './Visit.ts';

async function draftChange(page: Page): Promise<void> {
  await page.getByLabel('Find a permission').fill('members.list');
  await page.getByRole('button', { name: /^viewer may members.list by a rule of its own/ }).click();
  const draft = page.getByRole('region', { name: 'Drafted changes' });
  await draft.getByText('Nothing stands in the way of these changes.').waitFor();
  await page.getByLabel('Find a permission').fill('members');
}

async function askWhy(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Person' }).fill('bob');
  await page.getByRole('option', { name: /^Bob/ }).click();
  await page.getByRole('combobox', { name: 'Permission' }).fill('comments.add');
  await page.getByRole('option', { name: 'comments.add' }).click();
  await page.getByRole('combobox', { name: 'In the project' }).click();
  await page.getByRole('option', { name: 'Rivers of Europe' }).click();
  await page.getByText('developer: given in the project').waitFor();
}

async function testFixtures(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Test the policy now' }).click();
  await page.getByText('All 2 expectations hold.').waitFor();
}

async function checkSeals(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check the seals' }).click();
  await page.getByText('The log is as it was written.').waitFor();
}

/** Pages of administrators. */
export const adminPages: Visits = {
  '/admin/policy': { picture: 'permissions', shows: 'Permissions', act: draftChange },
  '/admin/policy/history': { picture: 'policy-history', shows: 'Guests see stars' },
  '/admin/policy/fixtures': { picture: 'fixtures', shows: 'readers', act: testFixtures },
  '/admin/policy/file': { picture: 'policy-file', shows: 'Download the rules' },
  '/admin/explain': { picture: 'explain', shows: 'Who can?', act: askWhy },
  '/admin/roles': { picture: 'roles', shows: 'Reads the log.' },
  '/admin/people': { picture: 'people', shows: 'Cleo' },
  '/admin/people/$actorId': { picture: 'person', shows: 'What Bob has done' },
  '/admin/payments': { picture: 'payments', shows: 'Ada' },
  // In any project, though they are no member of it.
  '/projects/$projectId/delivery': { picture: 'delivery', shows: 'Heard of it after' },
  '/admin/audit': { picture: 'audit', shows: 'suspended', act: checkSeals },
  '/admin/health': { picture: 'health', shows: '✓ All its parts work.' },
  '/admin/settings': {
    picture: 'settings',
    shows: 'WEBHOOK_TARGETS',
    // What a folder is called is nobody’s business but its machine’s.
    act: (page) => page.getByLabel('Find a setting').fill('webhook'),
  },
  // It leads to the first of the pages that one may use.
  '/admin': { shows: 'Permissions by role' },
};
