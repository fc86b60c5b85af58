/** What administrators see is live: the policy while others change it, the way of an event; and pages come back with rights. */
import { afterAll, beforeAll, expect } from 'vitest';
import { add, applyNow, permission, remove } from '../support/policy.ts';
import type { Person, TestServer } from '../support/server.ts';
import { axe, test, openConsole, startConsole } from './support/openConsole.ts';

let server: TestServer;
let admin: Person;
let other: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  server = await startConsole();
  [admin, other, bob] = [await server.admin(), await server.admin(), await server.person('Bob')];
  ({ id: projectId } = await admin.client.projects.create.mutate({ name: 'Atlas' }));
  await admin.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
});
afterAll(() => server.close());

test('the matrix, a draft, the history and a rollback follow what another administrator changes', async () => {
  await using hers = await openConsole(server, admin, '/admin/policy');
  const { page } = hers;
  await page.getByLabel('Find a permission').fill('members.list');
  const cell = page.getByRole('button', { name: /^viewer may members\.list by a rule of its own/ });
  await cell.click();
  const draft = page.getByRole('region', { name: 'Drafted changes' });
  await draft.getByText('Nothing stands in the way of these changes.').waitFor();
  const { epoch } = await applyNow(
    server,
    other,
    remove(permission('viewer', 'members.list')),
    'No lists of members',
  );
  // Nobody touched this page.
  await page.getByRole('button', { name: /^viewer may not members\.list/ }).waitFor();
  await page.getByText(`Version ${epoch} of the policy`).waitFor();
  await draft.getByText('The policy has changed meanwhile.').waitFor();
  await draft.getByText(/No lists of members/).waitFor();
  await draft.getByRole('button', { name: 'Discard all' }).click();

  await page.getByRole('link', { name: 'History' }).click();
  const newest = page.getByRole('listitem', { name: /^Version/ }).first();
  await newest.getByText('No lists of members').waitFor();
  await applyNow(server, other, add(permission('viewer', 'stars.list')), 'Stars for all');
  await newest.getByText('Stars for all').waitFor();
  await page.getByRole('button', { name: `Roll back to version ${epoch - 1}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: /^viewer members\.list – not allowed ✓ allowed/ }).waitFor();
  await applyNow(server, other, add(permission('viewer', 'jobs.retry')), 'Anybody retries');
  await dialog.getByText('The policy has changed meanwhile.').waitFor();
  await dialog.getByRole('button', { name: 'Go on with the newest policy' }).click();
  await dialog.getByRole('row', { name: 'viewer jobs.retry' }).waitFor();
  await dialog.getByLabel('Reason').fill('As it was');
  await dialog.getByRole('button', { name: /^Roll back/ }).click();
  await newest.getByText('As it was').waitFor();
});

test('a page that was refused comes back by itself with the right, and so does a project', async () => {
  await using his = await openConsole(server, bob, `/projects/${projectId}/activity`);
  const { page } = his;
  await page.getByRole('heading', { name: 'Activity of Atlas' }).waitFor();
  await admin.client.members.remove.mutate({ projectId, actorId: bob.id });
  await page.getByRole('heading', { name: 'You can no longer see this project' }).waitFor();
  await admin.client.members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });
  await page.getByRole('heading', { name: 'Activity of Atlas' }).waitFor();
  await admin.client.projects.update.mutate({ projectId, name: 'Atlas again' });
  await page.getByRole('heading', { name: 'Activity of Atlas again' }).waitFor();

  // Who was never in it has nothing to lose, and sees it once they are.
  const { id: hidden } = await admin.client.projects.create.mutate({ name: 'Hidden' });
  await page.goto(`${server.url}/projects/${hidden}/activity`);
  await page.getByRole('heading', { name: 'You can no longer see this project' }).waitFor();
  await admin.client.members.add.mutate({ projectId: hidden, actorId: bob.id, role: 'viewer' });
  await page.getByRole('heading', { name: 'Activity of Hidden' }).waitFor();
});

test('an administrator sees the way of the newest event to its readers, and what the node has delivered', async () => {
  await using hers = await openConsole(server, admin, `/projects/${projectId}/delivery`);
  const { page } = hers;
  const event = page.getByRole('region', { name: 'The event' });
  await event.getByText('project.', { exact: false }).first().waitFor();
  await admin.client.projects.update.mutate({ projectId, name: 'Traced' });
  const { event: last } = await admin.client.realtime.trace.query({ projectId });
  await expect.poll(() => page.getByLabel('Event', { exact: true }).inputValue()).toBe(String(last.seq));
  await event.getByText('project.updated').waitFor();
  const row = page.getByRole('table', { name: 'Nodes' }).getByRole('row').nth(1);
  await row
    .getByText(/^\d[\d.,]* ms$/)
    .first()
    .waitFor();
  await axe(page);
  await page.getByRole('button', { name: 'The one before' }).click();
  await expect.poll(() => page.getByLabel('Event', { exact: true }).inputValue()).toBe(String(last.seq - 1));
  await page.getByRole('link', { name: 'Administration' }).click();
  await page.getByRole('link', { name: 'Health' }).click();
  await page.getByText(/half within .* ms of the commit/).waitFor();
});
