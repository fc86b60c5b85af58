/** Coming in: signing in, accounts, links from mails, and by keyboard alone. */
import { afterAll, beforeAll, expect } from 'vitest';
import { linkTo } from '../support/mailbox.ts';
import type { Person, TestServer } from '../support/server.ts';
import { axe, test, openConsole, startConsole } from './support/openConsole.ts';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
});
afterAll(() => server.close());

test('who is not signed in is asked to, and comes back to where they were going', async () => {
  await using console = await openConsole(server, null, '/account/sessions?from=mail');
  const { page } = console;
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('E-mail address').fill(ada.email);
  await page.getByLabel(/^Password/).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('password').first().waitFor();
  await axe(page);
  await page.getByLabel(/^Password/).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  expect(page.url()).toBe(`${server.url}/account/sessions?from=mail`);
  // No script can read what one is signed in with.
  expect(await page.evaluate('document.cookie + JSON.stringify(localStorage)')).not.toMatch(/tss_/);
});

test('another site’s address is nowhere to come back to', async () => {
  await using console = await openConsole(server, null, '/sign-in?next=//evil.example/x');
  const { page } = console;
  await page.getByLabel('E-mail address').fill(ada.email);
  await page.getByLabel(/^Password/).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
  expect(new URL(page.url()).origin).toBe(server.url);
});

test('by keyboard alone one signs in and makes a project', async () => {
  await using console = await openConsole(server, null, '/sign-in');
  const { page } = console;
  const { keyboard } = page;
  /** Presses Tab until what has the focus is called so. */
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 30; presses++) {
      await keyboard.press('Tab');
      const found = await page.evaluate(
        `(() => { const at = document.activeElement; return (at.labels?.[0]?.textContent || at.getAttribute('aria-label') || at.textContent || '').replace(' *', '').trim(); })()`,
      );
      if (found === name) return;
    }
    throw new Error(`Tab does not lead to ${name}.`);
  };
  await tabTo('E-mail address');
  await keyboard.type(ada.email);
  await tabTo('Password');
  await keyboard.type(ada.password);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
  await page.getByRole('link', { name: 'New project' }).waitFor();
  await page.evaluate('document.activeElement.blur()');
  await tabTo('Skip to the page');
  await keyboard.press('Enter');
  await tabTo('New project');
  await keyboard.press('Enter');
  const heading = page.getByRole('heading', { name: 'New project' });
  await heading.waitFor();
  // Whoever cannot see the page is told that it is another.
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('New project');
  await tabTo('Name');
  await keyboard.type('By keyboard');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Activity of By keyboard' }).waitFor();
  await expect.poll(() => page.title()).toBe('Activity of By keyboard · Tessera');
});

test('one registers, with what is wrong said at its field', async () => {
  await using console = await openConsole(server, null, '/register');
  const { page } = console;
  await page.getByLabel(/^Name/).fill('Grace');
  await page.getByLabel('Username').fill('grace');
  await page.getByLabel('E-mail address').fill('grace@example.org');
  await page.getByLabel(/^Password/).fill('short');
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.getByText('Use at least 8 characters.').waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('password');
  await page.getByLabel(/^Password/).fill('long enough to be good');
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
  // The link in the mail confirms the address, and leaves the address bar at once.
  const token = await linkTo(server.dataDir, 'grace@example.org', 'verify');
  await page.goto(`${server.url}/verify#${token}`);
  await page.getByRole('button', { name: 'Confirm' }).waitFor();
  expect(page.url()).toBe(`${server.url}/verify`);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Your e-mail address is confirmed.').waitFor();
});

test('who forgot the password chooses another by mail', async () => {
  const bob = await server.person('Bob');
  await using console = await openConsole(server, null, '/forgotten');
  const { page } = console;
  await page.getByLabel('E-mail address').fill(bob.email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByText('a link is on its way').waitFor();
  const token = await linkTo(server.dataDir, bob.email, 'reset');
  await page.goto(`${server.url}/reset#${token}`);
  await page.getByLabel(/^Password/).fill('quite another one');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('Your password is changed.').waitFor();
  await expect(
    server.connect().auth.login.mutate({ email: bob.email, password: 'quite another one' }),
  ).resolves.toBeDefined();
});

test('a session that is ended elsewhere leads to the sign-in page at once', async () => {
  const eve = await server.person('Eve');
  await using console = await openConsole(server, eve, '/projects');
  const { page } = console;
  await page.getByRole('status', { name: 'Connection' }).getByText('Connected').waitFor();
  await eve.client.auth.logout.mutate({});
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(page.url()).toContain('next=%2Fprojects');
});
