/** News that comes while a page is still being read: it is never what is shown last that is old. */
import { afterAll, beforeAll } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { go, openConsole, startConsole, test } from './support/openConsole.ts';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
});
afterAll(() => server.close());

test('what happens while the first answer is on its way is shown, although the answer does not have it', async () => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Rivers' });
  await using hers = await openConsole(server, ada, '/projects/new');
  const { page } = hers;
  const read = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await page.route(
    /projects\.activity/,
    async (route) => {
      const response = await route.fetch();
      read.resolve();
      await released.promise;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  await go(page, `/projects/${projectId}`);
  await read.promise;
  await ada.client.projects.update.mutate({ projectId, name: 'Rivers and lakes' });
  await page.getByRole('heading', { name: 'Activity of Rivers and lakes' }).waitFor();
  released.resolve();
  await page.getByText('updated a project').waitFor();
});
