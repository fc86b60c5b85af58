/** The helper of the published client that shows oneself in a project. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PresentPerson, type ProjectPlace, joinProject, readFailure } from '../../client/src/index.ts';
import { eventually } from '../realtime/world.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  server = await startServer({ settings: { PRESENCE_SECONDS: '1' } });
  [ada, bob] = [await server.person('Ada'), await server.person('Bob')];
  ({ id: projectId } = await ada.client.projects.create.mutate({ name: 'Joined' }));
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
});
afterAll(() => server.close());

const find = (place: ProjectPlace, { id }: Person): PresentPerson | undefined =>
  place.people.find(({ actor }) => actor.id === id);

test('two who have joined see each other come, move, rest and leave', async () => {
  const seen: number[] = [];
  const mine = joinProject(ada.client, projectId, { onPeople: (people) => seen.push(people.length) });
  await eventually(() => find(mine, ada) !== undefined);
  const theirs = joinProject(bob.client, projectId, { subject: 'file:a.ts' });
  await eventually(() => find(mine, bob)?.places[0]?.filePath === 'a.ts');
  for (const path of ['b.ts', 'c.ts', 'd.ts']) theirs.moveTo(`file:${path}`);
  theirs.setState('idle');
  await eventually(() => find(mine, bob)?.state === 'idle');
  await eventually(() => find(mine, bob)?.places[0]?.filePath === 'd.ts');
  expect(find(mine, bob)?.places).toMatchObject([{ placeId: theirs.placeId }]);
  expect(find(theirs, ada)?.places).toMatchObject([{ placeId: mine.placeId, subject: null }]);
  await theirs.leave();
  await eventually(() => find(mine, bob) === undefined);
  await mine.leave();
  expect(seen.at(-1)).toBe(1);
});

test('who may not be there is told so once, and is not there', async () => {
  const eve = await server.person('Eve');
  const failures: unknown[] = [];
  const place = joinProject(eve.client, projectId, {
    onError: (error) => failures.push(readFailure(error)?.code),
  });
  await eventually(() => failures.length > 0);
  expect(failures).toEqual(['NOT_FOUND']);
  expect(place.people).toEqual([]);
});
