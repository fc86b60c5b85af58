import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type WorkWorld, codesOf, eventsOf, makeWorkWorld } from '../support/workWorld.ts';

let world: WorkWorld;

beforeAll(async () => {
  world = await makeWorkWorld();
});
afterAll(() => world.server.close());

const starsOf = async (projectId: string) =>
  (await world.ada.client.projects.get.query({ projectId })).counts.stars;

describe('a star', () => {
  test('is given once however often, counted, told, and taken away', async () => {
    const projectId = await world.makeProject();
    const { server, vic, dan } = world;
    const star = await vic.client.stars.set.mutate({ projectId });
    expect(star).toMatchObject({
      projectId,
      actor: { id: vic.id, name: 'Vic' },
      createdAt: expect.any(Date),
    });
    await Promise.all(
      Array.from({ length: 5 }, () => server.connect(vic.token).stars.set.mutate({ projectId })),
    );
    expect(await vic.client.stars.set.mutate({ projectId })).toEqual(star);
    await dan.client.stars.set.mutate({ projectId });
    expect(await starsOf(projectId)).toBe(2);
    await vic.client.stars.remove.mutate({ projectId });
    expect(await vic.client.stars.remove.mutate({ projectId })).toEqual({ projectId });
    expect(await starsOf(projectId)).toBe(1);
    const events = await eventsOf(server, projectId, `project:${projectId}`);
    expect(events.filter((type) => type.startsWith('star.'))).toEqual([
      'star.added',
      'star.added',
      'star.removed',
    ]);
    const { items } = await world.ada.client.audit.list.query({ projectId, entityType: 'stars' });
    expect(items.map((item) => item.action)).toEqual(['delete', 'create', 'create']);
  });

  test('is found in one’s own list, the last one first, for as long as one can see the project', async () => {
    const someone = await world.server.person('Stargazer');
    const [first, second] = [await world.makeProject('public'), await world.makeProject('public')];
    for (const projectId of [first, second]) await someone.client.stars.set.mutate({ projectId });
    const list = async (input: object = {}) =>
      (await someone.client.stars.list.query(input)).items.map((item) => item.project.id);
    expect(await list()).toEqual([second, first]);
    expect(await list({ projectId: first })).toEqual([first]);
    const page = await someone.client.stars.list.query({ limit: 1 });
    expect(page.items).toMatchObject([{ project: { id: second, name: 'Work' } }]);
    expect(await list({ limit: 1, cursor: page.nextCursor })).toEqual([first]);
    expect((await world.vic.client.stars.list.query({ projectId: second })).items).toEqual([]);
    await world.ada.client.projects.update.mutate({ projectId: first, visibility: 'private' });
    await world.ada.client.projects.delete.mutate({ projectId: second });
    expect(await list()).toEqual([]);
  });

  test('is for those who can see the project', async () => {
    const projectId = await world.makeProject();
    const { eve, server } = world;
    expect(
      await codesOf([
        eve.client.stars.set.mutate({ projectId }),
        eve.client.stars.remove.mutate({ projectId }),
        eve.client.watches.set.mutate({ projectId, level: 'all' }),
        eve.client.watches.remove.mutate({ projectId }),
      ]),
    ).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    const guest = server.connect();
    expect(await codesOf([guest.stars.list.query({}), guest.watches.list.query({})])).toEqual([
      'UNAUTHORIZED',
      'UNAUTHORIZED',
    ]);
  });
});

describe('a watch', () => {
  test('is one’s own choice of a level, changed, listed and taken back', async () => {
    const projectId = await world.makeProject();
    const { vic, dan } = world;
    expect(await vic.client.watches.set.mutate({ projectId, level: 'all' })).toEqual({
      projectId,
      level: 'all',
    });
    await vic.client.watches.set.mutate({ projectId, level: 'all' });
    await vic.client.watches.set.mutate({ projectId, level: 'none' });
    const list = async (person: typeof vic) =>
      (await person.client.watches.list.query({ projectId })).items.map(({ project, level }) => [
        project.id,
        level,
      ]);
    expect(await list(vic)).toEqual([[projectId, 'none']]);
    expect(await list(dan)).toEqual([]);
    await vic.client.watches.remove.mutate({ projectId });
    await vic.client.watches.remove.mutate({ projectId });
    expect(await list(vic)).toEqual([]);
    const { items } = await world.ada.client.audit.list.query({ projectId, entityType: 'watches' });
    expect(items).toMatchObject([
      { action: 'delete' },
      { action: 'update', changes: { level: { new: 'none' } } },
      { action: 'update', changes: { level: { new: 'all' } } },
    ]);
    const events = await eventsOf(world.server, projectId, `project:${projectId}`);
    expect(events.filter((type) => type.startsWith('watch'))).toEqual([]);
  });

  test('of another level than there are is refused', async () => {
    const projectId = await world.makeProject();
    const failure = await failureOf(
      world.vic.client.watches.set.mutate({ projectId, level: 'some' as never }),
    );
    expect(failure.fields).toHaveProperty('level');
  });

  test('is not listed for who may no longer see the project', async () => {
    const projectId = await world.makeProject('public');
    const { eve } = world;
    await eve.client.watches.set.mutate({ projectId, level: 'all' });
    expect((await eve.client.watches.list.query({})).items).toMatchObject([{ project: { id: projectId } }]);
    await world.ada.client.projects.update.mutate({ projectId, visibility: 'private' });
    expect((await eve.client.watches.list.query({})).items).toEqual([]);
  });
});
