/** What is written in threads arrives once, survives, harms nobody, and stays quick to read however much it is. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { systemCause } from '../../src/database/transaction.ts';
import { reanchorThreads } from '../../src/domain/threads/reanchorThreads.ts';
import { insertRows } from '../support/insertRows.ts';
import { putManifest } from '../support/putManifest.ts';
import type { Person, TestServer } from '../support/server.ts';
import { axe, openConsole, phone, startConsole, test } from './support/openConsole.ts';
import { fitsNarrow } from './support/fitsNarrow.ts';
import { vectors } from './support/xssVectors.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let projectId: string;

const lines = Array.from({ length: 10_000 }, (_, n) => `const line${n + 1} = ${n + 1};\n`);

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  projectId = (await ada.client.projects.create.mutate({ name: 'Long' })).id;
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  const many = Array.from({ length: 10_000 }, (_, n) => [`many/of${n % 50}/file${n}.txt`, 'x\n'] as const);
  await putManifest(server, projectId, {
    'long.ts': lines.join(''),
    'gone.ts': 'one\ntwo\n',
    ...Object.fromEntries(many),
  });
});
afterAll(() => server.close());

const openThread = async (person: Person, line: number, body: string, filePath = 'long.ts') => {
  const on = { projectId, filePath, lineStart: line, lineEnd: line, body };
  return (await person.client.threads.create.mutate(on)).thread.id;
};
const bodiesOf = async (threadId: string) =>
  (await ada.client.comments.list.query({ projectId, threadId })).items.map(({ body }) => body);
const threadPath = (threadId: string) => `/projects/${projectId}/threads/${threadId}`;
/** Calls that add a comment, also together with others. */
const adding = /\/trpc\/(?:[^?]*,)?comments\.add\b/;
const field = (page: Page) => page.getByRole('textbox', { name: 'Comment on this thread' });

test('what is written without a connection survives a reload and arrives once', async () => {
  const threadId = await openThread(bob, 3, 'What is this?');
  await using hers = await openConsole(server, ada, threadPath(threadId));
  await using his = await openConsole(server, bob, threadPath(threadId));
  const { page } = hers;
  await page.getByText('What is this?').waitFor();
  await page.context().setOffline(true);
  await field(page).fill('A number.');
  await field(page).press('Control+Enter');
  const waiting = page.getByRole('article', { name: /not sent yet/ });
  await waiting.getByText('Waiting for the connection. It is sent by itself.').waitFor();
  await expect.poll(() => field(page).inputValue()).toBe('');

  // The page can be loaded again; what is sent arrives, but no answer comes back.
  let calls = 0;
  await page.route(adding, async (route) => {
    calls += 1;
    await route.fetch();
    await route.abort().catch(() => {});
  });
  await page.context().setOffline(false);
  await his.page.getByText('A number.').waitFor();
  await page.reload();
  await expect.poll(() => calls).toBeGreaterThan(1);
  await page.unroute(adding);
  await page.getByText('A number.').first().waitFor();
  await waiting.waitFor({ state: 'detached' });
  expect(await bodiesOf(threadId)).toEqual(['What is this?', 'A number.']);
  expect(await his.page.getByText('A number.').count()).toBe(1);
  await expect.poll(() => page.getByText('A number.').count()).toBe(1);
});

test('what the server refuses says why and is not lost, and a draft survives a reload until one signs out', async () => {
  const threadId = await openThread(ada, 4, 'Shall it stay?');
  const eve = await server.person('Eve');
  await ada.client.members.add.mutate({ projectId, actorId: eve.id, role: 'editor' });
  await using theirs = await openConsole(server, eve, threadPath(threadId));
  const { page } = theirs;
  await field(page).fill('A draft');
  await page.reload();
  await page.getByText('Shall it stay?').waitFor();
  await expect.poll(() => field(page).inputValue()).toBe('A draft');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('region', { name: 'Preview' }).getByText('A draft').waitFor();

  await page.route(adding, (route) => route.abort());
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.getByText('Waiting for the connection.').waitFor();
  await ada.client.threads.delete.mutate({ projectId, threadId });
  await page.unroute(adding);
  const refused = page.getByRole('article', { name: /not sent yet/ });
  await refused.getByRole('alert').waitFor();
  await page.getByRole('button', { name: '1 not sent' }).waitFor();
  await axe(page);
  await ada.client.threads.restore.mutate({ projectId, threadId });
  await page.getByText('Shall it stay?').waitFor();
  await refused.getByRole('button', { name: 'Send again' }).click();
  await refused.waitFor({ state: 'detached' });
  expect(await bodiesOf(threadId)).toEqual(['Shall it stay?', 'A draft']);

  await field(page).fill('Never sent');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('Never sent');
});

test('a comment full of scripts is shown and runs none', async () => {
  const threadId = await openThread(bob, 5, vectors.join('\n\n'));
  await bob.client.comments.add.mutate({ projectId, threadId, body: 'The end' });
  await using hers = await openConsole(server, ada, threadPath(threadId));
  const dialogs: string[] = [];
  hers.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await hers.page.getByText('The end').waitFor();
  await hers.page.getByText('<script>alert(1)</script>').first().waitFor();
  const harmful =
    '.comment :is(script, iframe, img, svg:not(.tabler-icon), form, style, [onclick], [href^="javascript"])';
  expect(await hers.page.locator(harmful).count()).toBe(0);
  expect(dialogs).toEqual([]);
});

test('of ten thousand files, ten thousand lines and a thousand comments only what is seen is in the page', async () => {
  const threadId = await openThread(ada, 9_500, 'Comment 1');
  const startedAt = Date.now() - 2_000_000;
  await insertRows(
    server.tessera.services.reads,
    'comments',
    Array.from({ length: 999 }, (_, n) => ({
      id: randomUUID(),
      thread_id: threadId,
      author_id: n % 2 === 0 ? ada.id : bob.id,
      author_type: 'USER',
      body: `Comment ${n + 2}${'\n\nmore'.repeat(n % 4)}`,
      created_at: new Date(startedAt + (n + 1) * 1_000),
    })),
  );
  await server.tessera.services.reads.query(
    'update comments set created_at = $1 where thread_id = $2 and body = $3',
    [new Date(startedAt), threadId, 'Comment 1'],
  );
  await using hers = await openConsole(server, ada, `/projects/${projectId}/files`);
  const { page } = hers;
  const tree = page.getByRole('tree', { name: 'Files' });
  await tree.focus();
  await page.getByRole('textbox', { name: 'Find a file' }).fill('file');
  await page.getByText('10,000 of 10,002 files').waitFor();
  expect(await page.getByRole('treeitem').count()).toBeLessThan(80);
  await tree.focus();
  await page.keyboard.press('End');
  await page
    .getByRole('treeitem', { name: 'file9949.txt' })
    .or(page.getByRole('treeitem', { name: 'file9999.txt' }))
    .first()
    .waitFor();
  expect(await page.getByRole('treeitem').count()).toBeLessThan(80);
  await page.getByRole('textbox', { name: 'Find a file' }).fill('long');
  await page.getByRole('treeitem', { name: /long\.ts.*open thread/ }).waitFor();
  await page.getByRole('treeitem', { name: /^long\.ts/ }).click();

  await page.getByRole('button', { name: 'Line 1', exact: true }).focus();
  await page.keyboard.press('End');
  await page.getByRole('button', { name: 'Line 10000', exact: true }).waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Line 10000');
  await page.locator('[data-line="9999"] .hljs-keyword').waitFor();
  expect(await page.locator('.code-line').count()).toBeLessThan(120);
  await page.getByRole('button', { name: 'Open the thread on line 9500' }).waitFor({ state: 'detached' });
  await page.goto(`${server.url}/projects/${projectId}/files/view?path=long.ts&thread=${threadId}#L9500`);
  const thread = page.getByRole('region', { name: 'the thread on line 9500' });
  await thread.getByText('Comment 1000', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Line 9500, 1 thread' }).waitFor();
  const scroller = thread.getByRole('region', { name: 'Comments, scrolling' });
  expect(await thread.locator('.comment').count()).toBeLessThan(40);
  // Ten pages are read one after the other.
  const slowly = { timeout: 100_000 };
  await expect
    .poll(async () => {
      await scroller.evaluate((element) => element.scrollTo(0, 0));
      expect(await thread.locator('.comment').count()).toBeLessThan(40);
      return thread.getByText('Comment 1', { exact: true }).count();
    }, slowly)
    .toBe(1);
  // What is said meanwhile does not move what is read; at the end it is there.
  await bob.client.comments.add.mutate({ projectId, threadId, body: 'The newest' });
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await thread.getByText('The newest').waitFor();
});

test('all threads are listed by what they are, each leading to its place; on a phone they stand below their lines', async () => {
  const lost = await openThread(bob, 1, 'Will this file stay?', 'gone.ts');
  const settled = await openThread(ada, 20, 'Is this settled?');
  await ada.client.threads.resolve.mutate({ projectId, threadId: settled });
  await using hers = await openConsole(server, ada, `/projects/${projectId}/threads`, { viewport: phone });
  const { page } = hers;
  const list = page.getByRole('list', { name: 'Threads' });
  await list.getByText('Will this file stay?').waitFor();
  expect(await list.getByText('Is this settled?').count()).toBe(0);
  await page.getByText('Resolved', { exact: true }).click();
  await list.getByText('Is this settled?').waitFor();
  await page.getByText('All', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Opened by me' }).click();
  await list.getByText('Will this file stay?').waitFor({ state: 'detached' });
  await list.getByRole('link', { name: 'Is this settled?' }).click();
  await page
    .getByRole('group', { name: 'The thread on line 20' })
    .or(page.getByRole('region', { name: 'the thread on line 20' }))
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Comment on line 20' }).click();
  const below = page.getByRole('textbox', { name: 'New thread on line 20' });
  await below.fill('Below the line');
  await page
    .getByRole('form', { name: 'New thread on line 20' })
    .getByRole('button', { name: 'Comment' })
    .click();
  await page.getByRole('group', { name: 'The thread on line 20' }).getByText('Below the line').waitFor();
  await fitsNarrow(page);
  await axe(page);

  await putManifest(server, projectId, { 'long.ts': lines.join('') });
  const { orm, storage } = server.tessera.services;
  await reanchorThreads({ orm, storage, cause: systemCause }, projectId);
  await page.goto(`${server.url}${threadPath(lost)}`);
  await page.getByText('File is gone').waitFor();
  await page.getByLabel('What was commented').getByText('one').waitFor();
  await page.getByRole('link', { name: 'line 1 of version 1' }).click();
  await page.getByText('This is version 1').waitFor();
  await page.getByText('Will this file stay?').waitFor();
  await page.goto(`${server.url}/projects/${projectId}/files/view?path=gone.ts`);
  await page.getByText('The file is not in this version').waitFor();
  await page
    .getByRole('region', { name: 'Threads without a place' })
    .getByText('Will this file stay?')
    .waitFor();
});
