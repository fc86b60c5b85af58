/** Projects and their members, seen by two browsers side by side. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { axe, isTold, phone, test, openConsole, startConsole } from './support/openConsole.ts';

let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
});
afterAll(() => server.close());

const projectOf = async (person: Person, name: string) =>
  (await person.client.projects.create.mutate({ name, visibility: 'private' })).id;

test('a project is made, found, and what happens in it is seen by the other at once', async () => {
  await using hers = await openConsole(server, ada, '/projects');
  await hers.page.getByText('You are in no project yet.').waitFor();
  await hers.page.getByRole('link', { name: 'New project' }).click();
  await hers.page.getByLabel('Name').fill('Atlas');
  await hers.page.getByRole('button', { name: 'Make the project' }).click();
  await hers.page.getByRole('heading', { name: 'Activity of Atlas' }).waitFor();
  const projectId = /projects\/([^/]+)/.exec(hers.page.url())?.[1] ?? '';
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });

  await using his = await openConsole(server, bob, '/projects');
  await his.page.getByRole('link', { name: 'Atlas' }).click();
  await his.page.getByRole('heading', { name: 'Activity of Atlas' }).waitFor();
  await ada.client.projects.update.mutate({ projectId, name: 'Atlas of rivers' });
  await his.page.getByRole('heading', { name: 'Activity of Atlas of rivers' }).waitFor();
  await his.page.getByText('updated a project').waitFor();
});

test('a member is added and given another role before the other’s eyes', async () => {
  const projectId = await projectOf(ada, 'Borders');
  const path = `/projects/${projectId}/members`;
  await using hers = await openConsole(server, ada, path);
  await using too = await openConsole(server, ada, path);
  const { page } = hers;
  await page.getByRole('combobox', { name: 'Person or organization' }).fill('bob');
  await page.getByRole('option', { name: /^Bob/ }).click();
  await page.getByRole('combobox', { name: 'Role', exact: true }).click();
  await page.getByRole('option', { name: 'viewer', exact: true }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await isTold(page, 'Bob is a member now.');
  await page.getByRole('combobox', { name: 'Role of Bob' }).click();
  await page.getByRole('option', { name: 'editor', exact: true }).click();
  await expect
    .poll(() => too.page.getByRole('combobox', { name: 'Role of Bob' }).inputValue())
    .toBe('editor');
});

test('who is removed is told so at once', async () => {
  const projectId = await projectOf(ada, 'Coasts');
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  await using his = await openConsole(server, bob, `/projects/${projectId}/members`);
  await his.page.getByRole('row', { name: /Bob/ }).waitFor();
  await using hers = await openConsole(server, ada, `/projects/${projectId}/members`);
  await hers.page.getByRole('button', { name: 'Remove Bob' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Remove Bob' }).click();
  await his.page.getByRole('heading', { name: 'You can no longer see this project' }).waitFor();
  await axe(his.page);
  await hers.page.getByRole('row', { name: /Bob/ }).waitFor({ state: 'detached' });
});

test('a search finds public projects, and an address that leads nowhere says so', async () => {
  await bob.client.projects.create.mutate({ name: 'Deltas', visibility: 'public' });
  await using hers = await openConsole(server, ada, '/projects');
  await hers.page.getByLabel('Search all projects').fill('delt');
  await hers.page.getByRole('link', { name: 'Deltas' }).waitFor();
  await hers.page.goto(`${server.url}/nowhere`);
  await hers.page.getByRole('heading', { name: 'Nothing is here' }).waitFor();
});

test('on a phone the navigation opens by its button, and nothing is wider than the screen', async () => {
  const projectId = await projectOf(ada, 'Estuaries');
  await using hers = await openConsole(server, ada, `/projects/${projectId}/members`, {
    viewport: phone,
  });
  const { page } = hers;
  await page.getByRole('row', { name: /Ada/ }).waitFor();
  await page.getByRole('button', { name: 'Navigation' }).click();
  await axe(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Projects' }).click();
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
});
