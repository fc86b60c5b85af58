/** Files and the threads on their lines, from the first sync on, seen by two browsers side by side. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type GitWorld, createGitWorld } from '../drivers/makeRepository.ts';
import type { Person, TestServer } from '../support/server.ts';
import { waitFor } from '../support/waitFor.ts';
import { axe, openConsole, startConsole, test } from './support/openConsole.ts';

let git: GitWorld;
let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  git = await createGitWorld();
  server = await startConsole({ settings: { REPOSITORY_PATHS: git.allowed } });
  ada = await server.person('Ada');
  bob = await server.person('Bob');
});
afterAll(async () => {
  await server.close();
  await git[Symbol.asyncDispose]();
});

const source = [
  "import { readRivers } from './rivers.ts';",
  '',
  '/** Finds the longest river of a country. */',
  'export function longestOf(country: string): string {',
  '  const rivers = readRivers(country);',
  '  let longest = rivers[0];',
  '  for (const river of rivers) {',
  '    if (river.length > longest.length) longest = river;',
  '  }',
  "  return longest?.name ?? 'none';",
  '}',
  '',
].join('\n');

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });

test('files are synced, a thread is opened on lines, and the other sees it, answers, and sees it move', async () => {
  const repositoryUrl = await git.createRepository('rivers', {
    'README.md': '# Rivers\n',
    'src/longest.ts': source,
    'src/rivers.ts': 'export const readRivers = () => [];\n',
  });
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Rivers', repositoryUrl });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });

  await using his = await openConsole(server, bob, `/projects/${projectId}/files`);
  await his.page.getByText('Ask a developer of the project to sync it.').waitFor();
  await using hers = await openConsole(server, ada, `/projects/${projectId}/files`);
  await hers.page.getByText('The files have not been read yet.').waitFor();
  await hers.page.getByRole('button', { name: 'Sync' }).click();
  await hers.page.getByText('Last sync done').waitFor();

  // By keyboard alone: the tree, the file, its lines, the comment.
  const { page } = hers;
  const tree = page.getByRole('tree', { name: 'Files' });
  await tree.getByRole('treeitem', { name: 'longest.ts' }).waitFor();
  await tree.focus();
  await page.keyboard.press('ArrowLeft');
  await tree.getByRole('treeitem', { name: 'longest.ts' }).waitFor({ state: 'detached' });
  for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  await heading(page, /longest\.ts/).waitFor();
  await page.locator('.hljs-keyword').first().waitFor();
  await page.getByRole('button', { name: 'Line 1', exact: true }).focus();
  for (let line = 1; line < 7; line += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('Lines 7–9 chosen').waitFor();
  await expect.poll(() => new URL(page.url()).hash).toBe('#L7-L9');

  // He comes to the same lines by their address, and each sees the other there.
  const { page: beside } = his;
  await beside.getByRole('treeitem', { name: /longest\.ts.*is here/ }).waitFor();
  await beside.goto(page.url());
  await beside.getByText('Lines 7–9 chosen').waitFor();
  await beside.getByRole('button', { name: 'Clear' }).click();
  await page
    .getByRole('status', { name: 'Who is here' })
    .getByText(/Bob.* is here/)
    .waitFor();

  await page.getByRole('button', { name: 'Line 9', exact: true }).press('Enter');
  await page.getByRole('textbox', { name: 'New thread on lines 7–9' }).waitFor();
  await page.keyboard.type('Could `reduce` say this shorter, @bo');
  await page.getByRole('option', { name: /Bob/ }).waitFor();
  await axe(page);
  await page.keyboard.press('Enter');
  await page.keyboard.type('?');
  await page.keyboard.press('Control+Enter');
  const card = beside.getByRole('group', { name: 'The thread on lines 7–9' });
  await card.getByText(/Could reduce say this shorter, @bob\d+ \?/).waitFor();

  await card.getByRole('button', { name: 'Open the thread on lines 7–9' }).click();
  const thread = beside.getByRole('region', { name: 'the thread on lines 7–9' });
  await page.getByRole('button', { name: 'Open the thread on lines 7–9' }).click();
  await page.getByRole('region', { name: 'the thread on lines 7–9' }).waitFor();
  // It is said for some seconds only.
  const told = page.getByText('Bob is typing…').waitFor();
  await beside.getByLabel('Comment on the thread on lines 7–9').last().pressSequentially('It could');
  await told;
  await beside.keyboard.press('Control+Enter');
  const comment = page.getByRole('article', { name: 'Comment by Bob' });
  await comment.getByText('It could').waitFor();
  await comment.getByRole('button', { name: 'React to “It could”' }).click();
  await page.getByRole('menuitem', { name: 'Thumbs up' }).click();
  await thread.getByRole('button', { name: '👍 1' }).waitFor();
  await thread.getByRole('button', { name: 'Edit “It could”' }).click();
  await beside.getByRole('textbox', { name: 'Your comment' }).fill('It could, but not clearer.');
  await beside.getByRole('button', { name: 'Save' }).click();
  await comment.getByText('It could, but not clearer.').waitFor();
  await comment.getByText('edited').waitFor();

  // Two lines come before, and the thread moves before both; then its lines change.
  const sync = async (text: string) => {
    await git.commitFiles(repositoryUrl, { 'src/longest.ts': text });
    const { id: jobId } = await ada.client.repositories.sync.mutate({ projectId });
    return () =>
      waitFor(async () => {
        const { status } = await ada.client.jobs.get.query({ projectId, jobId });
        expect(status).toBe('completed');
      });
  };
  const isSynced = await sync(`// One.\n// Two.\n${source}`);
  await thread
    .getByRole('link', { name: 'Lines 9–11' })
    .or(beside.getByRole('link', { name: 'Lines 9–11' }))
    .first()
    .waitFor();
  await beside.getByRole('button', { name: 'Line 11, 1 thread' }).waitFor();
  await isSynced();
  await sync(source.replace(/ {2}for[^]*? {2}\}\n/, '  longest = rivers.toSorted()[0];\n'));
  await beside.getByText('Outdated', { exact: true }).first().waitFor();
  await beside.getByLabel('What was commented').getByText('for (const river of rivers)').waitFor();
  await page.getByRole('button', { name: /^Resolve the thread/ }).click();
  await beside.getByText('Resolved', { exact: true }).waitFor();
  await axe(beside);
});
