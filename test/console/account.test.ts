/** One's own account: sessions, keys, theme. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { axe, isTold, test, openConsole, startConsole } from './support/openConsole.ts';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
});
afterAll(() => server.close());

test('one sees where one is signed in, and ends a session', async () => {
  const other = await server.connect().auth.login.mutate({ email: ada.email, password: ada.password });
  await using console = await openConsole(server, ada, '/account/sessions');
  const { page } = console;
  await page.getByText('This one').waitFor();
  await page.getByRole('button', { name: 'End the session' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('has to sign in again').waitFor();
  await axe(page);
  await dialog.getByRole('button', { name: 'End the session' }).click();
  await isTold(page, 'The session has ended.');
  await expect(server.connect(other.token).auth.me.query({})).rejects.toThrow();
});

test('a key is shown once, and revoked', async () => {
  await using console = await openConsole(server, ada, '/account/keys', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = console;
  await page.getByText('You have no keys yet.').waitFor();
  await page.getByLabel('Name').fill('Nightly build');
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByText('it is not shown again').waitFor();
  await axe(page);
  await page.getByRole('button', { name: 'Copy the key' }).click();
  let key = '';
  await expect
    .poll(async () => (key = await page.evaluate<string>('navigator.clipboard.readText()')))
    .toMatch(/^tsk_/);
  expect((await server.connect(key).projects.list.query({})).items).toEqual([]);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect(await page.content()).not.toContain(key);
  await page.getByRole('button', { name: 'Revoke Nightly build' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke Nightly build' }).click();
  await page.getByRole('cell', { name: 'Revoked' }).waitFor();
  await expect(server.connect(key).projects.list.query({})).rejects.toThrow();
});

test('the theme that is chosen stays, and signing out leads out', async () => {
  const bob = await server.person('Bob');
  await using console = await openConsole(server, bob, '/projects');
  const { page } = console;
  await page.getByRole('button', { name: 'Account of Bob' }).click();
  await axe(page);
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  await page.reload();
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
  await page.getByRole('button', { name: 'Account of Bob' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expect(bob.client.auth.me.query({})).rejects.toThrow();
});
