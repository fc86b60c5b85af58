/** While the server is not reached, pages stay, what is written waits, and what opens is there already. */
import { expect } from 'vitest';
import { openConsole, startConsole, test } from './support/openConsole.ts';

test('the server goes away: the page stays, dialogs open and give the focus back, and a comment waits', async () => {
  await using server = await startConsole();
  const ada = await server.person('Ada');
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Fjords' });
  const { thread } = await ada.client.threads.create.mutate({
    projectId,
    subjectType: 'project',
    subjectId: projectId,
    body: 'The first comment',
  });
  await using console = await openConsole(server, ada, `/projects/${projectId}/threads/${thread.id}`);
  const { page } = console;
  const field = page.getByRole('textbox', { name: 'Comment on this thread' });
  await field.waitFor();
  const standing = page.getByRole('status', { name: 'Connection' });
  await standing.getByText('Connected').waitFor();
  await page.getByRole('button', { name: /^React to/ }).waitFor();
  // It is called so for some seconds only: closing may take longer.
  const told = standing.getByText('Reconnecting').waitFor();
  await server.close();
  await told;
  // As the browser does when one comes back to the window: whatever is shown is read again.
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  await field.fill('Written without a server');
  await field.press('Control+Enter');
  await page.getByText('Waiting for the connection. It is sent by itself.').waitFor();
  await page.getByRole('button', { name: '1 not sent' }).waitFor();
  await standing.getByText('Offline').waitFor();
  await page.getByText('The first comment').waitFor();

  const name = /^Delete .The first/;
  const focused = () => page.evaluate('document.activeElement?.getAttribute("aria-label")');
  const remove = page.getByRole('button', { name });
  await remove.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(focused).toMatch(name);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(focused).toMatch(name);
});
