/** Tasks and milestones: moved by keyboard before the other's eyes, waiting for each other, burning down. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { setTaskBack } from '../support/setTaskBack.ts';
import { axe, openConsole, startConsole, test } from './support/openConsole.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  projectId = (await ada.client.projects.create.mutate({ name: 'Rivers' })).id;
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'developer' });
});
afterAll(() => server.close());

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);
const path = (rest = '') => `/projects/${projectId}/tasks${rest}`;
const column = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
/** By its handle: other cards may name it too, as what they wait for. */
const cardIn = (page: Page, name: string, title: string) =>
  column(page, name)
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: `Drag “${title}”`, exact: true }) });

test('a task is made, waits for another, is moved by keyboard, and the other sees all of it at once', async () => {
  const { id: survey } = await ada.client.tasks.create.mutate({ projectId, title: 'Survey the banks' });
  await using hers = await openConsole(server, ada, path('/new'));
  await using his = await openConsole(server, bob, path());
  const { page } = hers;
  await page.getByLabel(/^Title/).fill('Draw the map');
  await page.getByLabel('Description').fill('With **every** bend.');
  await page.getByRole('combobox', { name: 'Assignee' }).fill('bo');
  await page.getByRole('option', { name: /^Bob/ }).click();
  await page.getByLabel('Due date').fill('2031-05-04');
  await page.getByRole('button', { name: 'Make the task' }).click();
  await page.getByRole('heading', { level: 1, name: /Draw the map/ }).waitFor();
  await page.getByText('4 May 2031').waitFor();
  await cardIn(his.page, 'To do', 'Draw the map').waitFor();

  await page.getByRole('button', { name: 'Add a dependency' }).click();
  await page.getByRole('combobox', { name: 'A task that has to be done first' }).fill('survey');
  await page.getByRole('option', { name: /Survey the banks/ }).click();
  await page.getByText('It cannot go on yet').waitFor();
  await cardIn(his.page, 'To do', 'Draw the map').getByText('Waits for').waitFor();
  // A circle is refused, and its tasks are named.
  await page.getByRole('list', { name: 'It waits for' }).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: /Survey the banks/ }).waitFor();
  await page.getByRole('list', { name: 'These wait for it' }).waitFor();
  await page.getByRole('button', { name: 'Add a dependency' }).click();
  await page.getByRole('combobox', { name: 'A task that has to be done first' }).fill('draw');
  await page.getByRole('option', { name: /Draw the map/ }).click();
  await page
    .getByRole('alert')
    .getByText('“Survey the banks” → “Draw the map” → “Survey the banks”')
    .waitFor();

  // By keyboard alone: to the next column, and in two steps to the end.
  await page.getByRole('link', { name: 'Tasks', exact: true }).first().click();
  const drag = async (from: string, over: readonly string[]) => {
    const handle = cardIn(page, from, 'Survey the banks').getByRole('button', { name: /^Drag/ });
    await handle.press('Space');
    await page.getByText(`“Survey the banks” is over ${from}. It can go to`).waitFor({ state: 'attached' });
    for (const name of over) {
      await page.keyboard.press('ArrowRight');
      await page.getByText(`“Survey the banks” is over ${name}.`).waitFor({ state: 'attached' });
    }
    await page.keyboard.press('Space');
  };
  await drag('To do', ['In progress']);
  await cardIn(his.page, 'In progress', 'Survey the banks').waitFor();
  await drag('In progress', ['Blocked', 'Completed']);
  await cardIn(his.page, 'Completed', 'Survey the banks').waitFor();
  await cardIn(his.page, 'To do', 'Draw the map').getByText('Waits for').waitFor({ state: 'detached' });

  // What the rules do not allow is said while one drags, and by the menu.
  await his.page.getByRole('button', { name: 'Drag “Draw the map”' }).press('Space');
  await column(his.page, 'Completed').getByText('It has to be in progress before it is completed.').waitFor();
  await axe(his.page);
  await his.page.keyboard.press('Escape');
  await his.page.getByRole('button', { name: 'Move “Draw the map” to …' }).click();
  await axe(his.page);
  await his.page.getByRole('menuitem', { name: 'Move to In progress' }).click();
  await cardIn(page, 'In progress', 'Draw the map').waitFor();

  // By pointer, and with an older version of the task in the hand: what the other changed stays.
  await his.page.route(
    '**/trpc/tasks.update*',
    async (route) => {
      await ada.client.tasks.update.mutate({ projectId, taskId: survey, priority: 'HIGH' });
      await route.continue();
    },
    { times: 1 },
  );
  await cardIn(his.page, 'Completed', 'Survey the banks').dragTo(column(his.page, 'In progress'), {
    steps: 8,
  });
  await cardIn(page, 'In progress', 'Survey the banks').getByText('High priority').waitFor();
  await cardIn(his.page, 'In progress', 'Survey the banks').getByText('High priority').waitFor();
});

test('two edit the same task, and nothing is lost', async () => {
  const { id } = await ada.client.tasks.create.mutate({ projectId, title: 'Name the springs' });
  await using hers = await openConsole(server, ada, path(`/${id}`));
  await using his = await openConsole(server, bob, path(`/${id}`));
  for (const { page } of [hers, his]) {
    await page.getByRole('button', { name: 'Edit the task' }).click();
    await page.getByLabel(/^Title/).waitFor();
  }
  await hers.page.getByLabel(/^Title/).fill('Name all springs');
  await hers.page.getByLabel('Description').fill('Also the dry ones.');
  await hers.page.getByRole('button', { name: 'Save' }).click();
  await hers.page.getByText('Also the dry ones.').waitFor();
  await his.page.getByLabel(/^Title/).fill('Name the springs and wells');
  await his.page.getByRole('button', { name: 'Save' }).click();
  const notice = his.page
    .getByRole('alert')
    .filter({ hasText: 'This task was changed while you were writing' });
  await notice.getByText('Title is now: “Name all springs”').waitFor();
  await notice.getByText('Taken over from them: description.').waitFor();
  await axe(his.page);
  await expect.poll(() => his.page.getByLabel('Description').inputValue()).toBe('Also the dry ones.');
  expect(await his.page.getByLabel(/^Title/).inputValue()).toBe('Name the springs and wells');
  await his.page.getByRole('button', { name: 'Save' }).click();
  await hers.page.getByRole('heading', { level: 1, name: /Name the springs and wells/ }).waitFor();
  await hers.page.getByText('Also the dry ones.').waitFor();

  await hers.page.getByRole('button', { name: 'Delete the task' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Delete the task' }).click();
  await hers.page.getByRole('button', { name: 'Restore the task' }).click();
  await hers.page.getByRole('heading', { level: 1, name: /Name the springs and wells/ }).waitFor();
});

test('a milestone is made, burns down as a chart and a table, and shows what decides its end', async () => {
  await using hers = await openConsole(server, ada, path('/milestones'));
  const { page } = hers;
  await page.getByText('There are no milestones yet.').waitFor();
  await page.getByRole('link', { name: 'New milestone' }).click();
  await page.getByLabel(/^Title/).fill('First edition');
  await page.getByLabel(/^First day/).fill('');
  await page.getByRole('button', { name: 'Make the milestone' }).click();
  await expect.poll(() => page.getByLabel(/^First day/).getAttribute('aria-invalid')).toBe('true');
  const dayOf = (days: number) => inDays(days).toISOString().slice(0, 10);
  await page.getByLabel(/^First day/).fill(dayOf(-6));
  await page.getByLabel(/^Last day/).fill(dayOf(4));
  await page.getByRole('button', { name: 'Make the milestone' }).click();
  await page.getByRole('heading', { level: 1, name: /First edition/ }).waitFor();
  const milestoneId = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  const titles = ['Collect sources', 'Draw the sheets', 'Check the names', 'Print'];
  const ids: string[] = [];
  for (const title of titles) {
    const { id } = await bob.client.tasks.create.mutate({
      projectId,
      milestoneId,
      title,
      status: 'IN_PROGRESS',
      assigneeId: ids.length % 2 === 0 ? ada.id : bob.id,
    });
    await setTaskBack(server.tessera.services.reads, id, 7);
    ids.push(id);
  }
  const [sources = '', sheets = '', names = '', print = ''] = ids;
  await bob.client.tasks.update.mutate({ projectId, taskId: sources, status: 'COMPLETED' });
  await setTaskBack(server.tessera.services.reads, sources, 4);
  await bob.client.tasks.addDependency.mutate({ projectId, taskId: print, dependsOn: sheets });
  await page.getByRole('img', { name: /3 of 4 tasks remain/ }).waitFor();
  await bob.client.tasks.update.mutate({ projectId, taskId: names, status: 'COMPLETED' });
  await page.getByRole('img', { name: /2 of 4 tasks remain/ }).waitFor();
  await page.getByText('The chart as a table').click();
  await page
    .getByRole('table', { name: 'Burndown by day' })
    .getByRole('row')
    .nth(3)
    .getByText('3', { exact: true })
    .waitFor();
  const critical = page.getByRole('region', { name: 'Critical path' }).getByRole('listitem');
  await expect
    .poll(() => critical.allInnerTexts())
    .toEqual([expect.stringContaining('Draw the sheets'), expect.stringContaining('Print')]);

  await page.getByRole('link', { name: 'Show its tasks' }).click();
  await cardIn(page, 'In progress', 'Print').getByText('Critical path').waitFor();
  await cardIn(page, 'In progress', 'Draw the map').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Show all tasks' }).click();
  await cardIn(page, 'In progress', 'Draw the map').waitFor();
  await page.getByText('List', { exact: true }).click();
  await page
    .getByRole('table', { name: 'Tasks of First edition' })
    .getByRole('row', { name: /Print/ })
    .waitFor();
  await page.reload();
  await page.getByRole('table', { name: 'Tasks of no milestone' }).waitFor();
});
