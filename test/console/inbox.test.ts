/** The inbox, its preferences, and offers of projects, seen by two browsers side by side. */
import { afterAll, beforeAll, expect } from 'vitest';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { moveCredits } from '../../src/domain/credits/moveCredits.ts';
import { putManifest } from '../support/putManifest.ts';
import type { Person, TestServer } from '../support/server.ts';
import { axe, isTold, openConsole, startConsole, test } from './support/openConsole.ts';

let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await startConsole({
    settings: {
      PAYMENTS: 'test',
      CREDIT_PACKAGES: JSON.stringify([
        { id: 'small', credits: 1_000, amountCents: 1_000, currency: 'EUR' },
        { id: 'large', credits: 12_000, amountCents: 10_000, currency: 'EUR' },
      ]),
    },
  });
  ada = await server.person('Ada');
  bob = await server.person('Bob');
});
afterAll(() => server.close());

test('a mention arrives in the other’s inbox and badges, leads to its place, and is read and muted', async () => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Rivers of Europe' });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  await putManifest(server, projectId, { 'src/longest.ts': 'one\ntwo\nthree\n' });

  await using his = await openConsole(server, bob, '/projects');
  const { page } = his;
  const nav = page.getByRole('navigation', { name: 'Main' });
  await nav.getByLabel('1 unread').waitFor();
  await using hers = await openConsole(server, ada, `/projects/${projectId}/threads`);
  const { thread } = await ada.client.threads.create.mutate({
    projectId,
    filePath: 'src/longest.ts',
    lineStart: 2,
    lineEnd: 2,
    body: `Is this still so, @${bob.username}?`,
  });
  await hers.page.getByRole('heading', { level: 1 }).waitFor();
  await nav.getByLabel('2 unread').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Rivers of Europe' }).getByText('2 unread').waitFor();

  await nav.getByRole('link', { name: /^Inbox/ }).click();
  const mention = page.getByRole('listitem').filter({ hasText: 'mentioned you' });
  await mention.getByText('1 unread').waitFor();
  await ada.client.comments.add.mutate({
    projectId,
    threadId: thread.id,
    body: `Please look, @${bob.username}.`,
  });
  await mention.getByText('2 unread').waitFor();

  // By keyboard alone: down to the next, back, read, open.
  await mention.getByRole('link', { name: 'Ada mentioned you' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toContain('added you');
  await page.keyboard.press('e');
  await page
    .getByRole('listitem')
    .filter({ hasText: 'added you' })
    .getByText('1 unread')
    .waitFor({ state: 'detached' });
  await page.getByText('Unread', { exact: true }).click();
  await expect
    .poll(() => page.getByRole('list', { name: 'Notifications' }).getByRole('listitem').count())
    .toBe(1);

  await page.getByRole('button', { name: 'Mute thread “Ada mentioned you”' }).click();
  await mention.getByText('thread muted').waitFor();
  const { items } = await bob.client.notifications.groups.query({});
  expect(items.find(({ subject }) => subject === `thread:${thread.id}`)?.threadState).toBe('muted');
  await page.getByRole('button', { name: 'Mute project Rivers of Europe' }).click();
  await page.getByRole('button', { name: 'Unmute project Rivers of Europe' }).click();
  await page.getByRole('button', { name: 'Mute project Rivers of Europe' }).waitFor();

  await mention.getByRole('link', { name: 'Ada mentioned you' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/projects/${projectId}/`));
  await page.getByText('Please look,').first().waitFor();
  await nav.getByLabel(/unread/).waitFor({ state: 'detached' });
  expect(await bob.client.notifications.unreadCount.query({})).toBe(0);
});

test('what one is told of, and how it is mailed, is chosen', async () => {
  await using his = await openConsole(server, bob, '/inbox/preferences');
  const { page } = his;
  await page.getByRole('switch', { name: 'A task of yours is due' }).click({ force: true });
  await page.locator('input[role=switch]:not(:checked)').waitFor({ state: 'attached' });
  await page.getByRole('radio', { name: 'Once a day' }).waitFor();
  await page.getByRole('combobox', { name: 'Hour' }).click();
  await page.getByRole('option', { name: '18:00' }).click();
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Berlin');
  await page.getByRole('option', { name: 'Europe/Berlin' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await isTold(page, /Your mails come like that/);
  expect(await bob.client.notifications.digest.query({})).toMatchObject({
    frequency: 'daily',
    hour: 18,
    timeZone: 'Europe/Berlin',
  });
  const preferences = () => bob.client.notifications.preferences.query({});
  await expect
    .poll(async () => (await preferences()).filter(({ isEnabled }) => !isEnabled).map(({ type }) => type))
    .toEqual(['task.due']);
  expect(await preferences()).toHaveLength(await page.getByRole('switch').count());
});

test('a project is offered, accepted by the other, renamed, deleted and restored', async () => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Lakes' });
  await using hers = await openConsole(server, ada, `/projects/${projectId}/settings`);
  await using his = await openConsole(server, bob, '/inbox');
  const settings = hers.page;
  await settings.getByRole('combobox', { name: 'New owner' }).fill('bob');
  await settings.getByRole('option', { name: /^Bob/ }).click();
  await settings.getByRole('button', { name: 'Offer the project' }).click();
  await settings.getByText('Offered to Bob').waitFor();

  const offer = his.page.getByRole('region', { name: 'Ada offers you the project “Lakes”' });
  await offer.waitFor();
  await offer.getByRole('button', { name: 'Accept Lakes' }).click();
  await his.page.getByRole('dialog').getByRole('button', { name: 'Accept Lakes' }).click();
  await isTold(his.page, 'Lakes is yours now.');
  await settings.getByText('Offered to Bob').waitFor({ state: 'detached' });
  expect((await bob.client.projects.get.query({ projectId })).ownerId).toBe(bob.id);

  await settings.getByRole('textbox', { name: /^Name/ }).fill('Lakes of Europe');
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByRole('heading', { name: 'Settings of Lakes of Europe' }).waitFor();
  await settings.getByRole('button', { name: 'Delete the project' }).click();
  await settings.getByRole('dialog').getByRole('button', { name: 'Delete the project' }).click();
  await settings.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
  await settings.getByText('Deleted', { exact: true }).click();
  await settings.getByRole('button', { name: 'Restore Lakes of Europe' }).waitFor();
  await axe(settings);
  await settings.getByRole('button', { name: 'Restore Lakes of Europe' }).click();
  await settings.getByText('There is no deleted project of yours.').waitFor();
  expect((await ada.client.projects.get.query({ projectId })).name).toBe('Lakes of Europe');
});

test('credits are bought, and the balance moves before one’s eyes', async () => {
  await using hers = await openConsole(server, ada, '/credits');
  const { page } = hers;
  const available = page.locator('[data-figure=Available]');
  await available.getByText('0 credits').waitFor();
  await transact(server.tessera.services.orm, systemCause, (em) =>
    moveCredits(em, { userId: ada.id, delta: 250, kind: 'grant', reason: 'a welcome', key: 'welcome' }),
  );
  await available.getByText('250 credits').waitFor();
  await page.getByRole('cell', { name: 'Given: a welcome' }).waitFor();
  await page.getByRole('button', { name: 'Buy 1,000 credits' }).click();
  // Pending still, or paid already: the provider's word comes as a webhook, which nobody waits for.
  const paying = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Pay 10.00 EUR' }).click();
  await paying;
  await page.getByRole('heading', { name: 'Test payment' }).waitFor();
  await page.goto(`${server.url}/credits`);
  await available.getByText('1,250 credits').waitFor();
  await page.getByRole('tab', { name: 'Purchases' }).click();
  await page.getByRole('cell', { name: 'Paid', exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Held for jobs' }).click();
  await page.getByText('Nothing was set aside for a job yet.').waitFor();
});
