/** What the header says of the connection is so. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { test, openConsole, startConsole } from './support/openConsole.ts';

/** Holds the database, while the node beside it comes and goes. */
let keeper: TestServer;
let node: TestServer;
let ada: Person;

beforeAll(async () => {
  keeper = await startConsole();
  node = await startConsole({ beside: keeper });
  ada = await keeper.person('Ada');
});
afterAll(async () => {
  await node.close();
  await keeper.close();
});

test('offline is said, and what happened meanwhile is there afterwards', async () => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Fjords' });
  await using console = await openConsole(node, ada, `/projects/${projectId}/activity`);
  const { page } = console;
  const standing = page.getByRole('status', { name: 'Connection' });
  await standing.getByText('Connected').waitFor();
  await page.context().setOffline(true);
  await standing.getByText('Offline').waitFor();
  await ada.client.projects.update.mutate({ projectId, name: 'Fjords and bays' });
  await page.context().setOffline(false);
  await standing.getByText('Connected').waitFor();
  await page.getByRole('heading', { name: 'Activity of Fjords and bays' }).waitFor();
});

test('a server that is started anew is reconnected to, and nothing is missed', async () => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Geysers' });
  await using console = await openConsole(node, ada, `/projects/${projectId}/activity`);
  const { page } = console;
  const standing = page.getByRole('status', { name: 'Connection' });
  await standing.getByText('Connected').waitFor();
  const { port } = new URL(node.url);
  // It is called so for some seconds only: closing may take longer.
  const told = standing.getByText('Reconnecting').waitFor();
  await node.close();
  await told;
  await ada.client.projects.update.mutate({ projectId, name: 'Geysers and springs' });
  node = await startConsole({ beside: keeper, settings: { PORT: port } });
  await standing.getByText('Connected').waitFor();
  await page.getByRole('heading', { name: 'Activity of Geysers and springs' }).waitFor();
  expect(await standing.getAttribute('data-standing')).toBe('connected');
});
