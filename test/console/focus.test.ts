/** By keyboard alone: whatever opens takes the focus along, and whatever closes or goes gives it back. */
import { expect } from 'vitest';
import { openConsole, startConsole, test } from './support/openConsole.ts';

test('a task and a comment are edited and the comment deleted by keyboard, and the focus is never lost', async () => {
  await using server = await startConsole();
  const { client, token } = await server.person('Ada');
  const { id: projectId } = await client.projects.create.mutate({ name: 'Keys' });
  const { id: taskId } = await client.tasks.create.mutate({ projectId, title: 'One' });
  const subject = { subjectType: 'task', subjectId: taskId } as const;
  await client.threads.create.mutate({ projectId, ...subject, body: 'Hello' });
  await using console = await openConsole(server, { token }, `/projects/${projectId}/tasks/${taskId}`);
  const { page } = console;
  const focused = () =>
    page.evaluate(
      '(({ ariaLabel, name, textContent }) => ariaLabel || name || textContent)(document.activeElement)',
    );
  const press = async (name: string | RegExp) => {
    await page.getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
  };
  await press('Edit the task');
  await expect.poll(focused).toBe('title');
  await press('Cancel');
  await expect.poll(focused).toBe('One of Keys');

  await press('Edit “Hello”');
  await expect.poll(focused).toBe('Hello');
  await page.keyboard.press('End');
  await page.keyboard.type(' there');
  await page.keyboard.press('Control+Enter');
  await expect.poll(focused).toBe('Edit “Hello there”');

  // The page hears that the comment is gone before the dialog hears that it has deleted it.
  const gone = page.getByText('Hello there', { exact: true }).waitFor({ state: 'detached' });
  await page.route(/comments\.delete/, async (route) => {
    const response = await route.fetch();
    await gone;
    await route.fulfill({ response });
  });
  await press('Delete “Hello there”');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete “Hello there”' }).focus();
  await page.keyboard.press('Enter');
  await gone;
  await expect.poll(focused).toBe('One of Keys');
});
