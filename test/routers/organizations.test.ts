import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let owner: Person;
let member: Person;
let stranger: Person;
let organizationId: string;
let made = 0;

beforeAll(async () => {
  server = await startServer();
  owner = await server.person('Owner');
  member = await server.person('Member');
  stranger = await server.person('Stranger');
});
afterAll(() => server.close());
beforeEach(async () => {
  made += 1;
  organizationId = (
    await owner.client.organizations.create.mutate({ name: 'House', username: `house-${made}` })
  ).id;
  await owner.client.organizations.addMember.mutate({ organizationId, actorId: member.id });
});

/** A private project with the organization as a member. */
async function shareProject(role: string): Promise<string> {
  const { id: projectId } = await owner.client.projects.create.mutate({ name: 'Shared' });
  await owner.client.members.add.mutate({ projectId, actorId: organizationId, role });
  return projectId;
}

describe('an organization', () => {
  test('belongs to who made it, and everyone sees its profile', async () => {
    const profile = await owner.client.organizations.get.query({ organizationId });
    expect(profile).toMatchObject({ username: `house-${made}`, actorType: 'organization', role: 'owner' });
    expect((await member.client.organizations.get.query({ organizationId })).role).toBe('member');
    expect((await stranger.client.organizations.get.query({ organizationId })).role).toBeNull();
  });

  test('shares usernames with people', async () => {
    const create = owner.client.organizations.create;
    expect((await failureOf(create.mutate({ name: 'Twin', username: owner.username }))).code).toBe(
      'USERNAME_TAKEN',
    );
    expect((await failureOf(create.mutate({ name: 'Fake', username: 'Support' }))).code).toBe('BAD_INPUT');
  });

  test('made twice with one mutationId is made once', async () => {
    const input = { name: 'Once', username: `once-${made}`, mutationId: `once-${made}` };
    const first = await owner.client.organizations.create.mutate(input);
    expect(await owner.client.organizations.create.mutate(input)).toEqual(first);
  });

  test('is listed to its members, newest first and page by page', async () => {
    const { client } = await server.person('Founder');
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      ids.unshift(
        (await client.organizations.create.mutate({ name: `No ${n}`, username: `paged-${made}-${n}` })).id,
      );
    }
    const first = await client.organizations.list.query({ limit: 2 });
    const second = await client.organizations.list.query({ limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((item) => item.id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    expect((await stranger.client.organizations.list.query({})).items).toEqual([]);
  });

  test('is changed by its owners and administrators, not by members; to strangers its inside is not there', async () => {
    const rename = (person: Person) =>
      person.client.organizations.update.mutate({ organizationId, name: 'Renamed' });
    expect((await failureOf(rename(stranger))).code).toBe('NOT_FOUND');
    expect((await failureOf(rename(member))).code).toBe('FORBIDDEN');
    expect((await rename(owner)).name).toBe('Renamed');
    expect((await rename(await server.admin())).role).toBeNull();
    expect((await failureOf(stranger.client.organizations.members.query({ organizationId }))).code).toBe(
      'NOT_FOUND',
    );
  });

  test('is no person, and a person is no organization', async () => {
    const asOrganization = owner.client.organizations.get.query({ organizationId: owner.id });
    expect((await failureOf(asOrganization)).code).toBe('NOT_FOUND');
    const nested = owner.client.organizations.addMember.mutate({ organizationId, actorId: organizationId });
    expect((await failureOf(nested)).code).toBe('NOT_FOUND');
  });
});

describe('members of an organization', () => {
  test('are listed in the order they came', async () => {
    const { items } = await member.client.organizations.members.query({ organizationId });
    expect(items.map((item) => [item.actor.id, item.role])).toEqual([
      [owner.id, 'owner'],
      [member.id, 'member'],
    ]);
  });

  test('have its role in a project, and lose it with their membership at once', async () => {
    const projectId = await shareProject('viewer');
    await member.client.projects.get.query({ projectId });
    expect((await failureOf(stranger.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    await owner.client.organizations.removeMember.mutate({ organizationId, actorId: member.id });
    expect((await failureOf(member.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
  });

  test('are added once, by owners', async () => {
    const add = (by: Person, actorId: string) =>
      by.client.organizations.addMember.mutate({ organizationId, actorId });
    expect((await failureOf(add(member, stranger.id))).code).toBe('FORBIDDEN');
    expect((await failureOf(add(stranger, stranger.id))).code).toBe('NOT_FOUND');
    expect((await failureOf(add(owner, member.id))).code).toBe('ALREADY_ORGANIZATION_MEMBER');
    const twice = await Promise.allSettled([add(owner, stranger.id), add(owner, stranger.id)]);
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('may leave, but take out nobody else', async () => {
    const remove = (by: Person, actorId: string) =>
      by.client.organizations.removeMember.mutate({ organizationId, actorId });
    expect((await failureOf(remove(member, owner.id))).code).toBe('FORBIDDEN');
    expect((await failureOf(remove(stranger, stranger.id))).code).toBe('NOT_FOUND');
    expect((await remove(member, member.id)).actor.id).toBe(member.id);
  });

  test('keep one owner among them, also when the last two leave at once', async () => {
    const leave = (person: Person) =>
      person.client.organizations.removeMember.mutate({ organizationId, actorId: person.id });
    expect((await failureOf(leave(owner))).code).toBe('LAST_ORGANIZATION_OWNER');
    const demote = owner.client.organizations.setRole.mutate({
      organizationId,
      actorId: owner.id,
      role: 'member',
    });
    expect((await failureOf(demote)).code).toBe('LAST_ORGANIZATION_OWNER');
    await owner.client.organizations.setRole.mutate({ organizationId, actorId: member.id, role: 'owner' });
    const outcomes = await Promise.allSettled([leave(owner), leave(member)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a deleted organization', () => {
  const remove = (person: Person) => person.client.organizations.delete.mutate({ organizationId });
  const restore = (username?: string) =>
    owner.client.organizations.restore.mutate({ organizationId, ...(username ? { username } : {}) });

  test('gives its members nothing until its owner restores it', async () => {
    const projectId = await shareProject('viewer');
    expect((await failureOf(remove(member))).code).toBe('FORBIDDEN');
    expect((await remove(owner)).deletedAt).toBeInstanceOf(Date);
    expect((await failureOf(member.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    expect((await failureOf(owner.client.organizations.get.query({ organizationId }))).code).toBe(
      'NOT_FOUND',
    );
    expect(
      (await owner.client.organizations.list.query({ deleted: true })).items.map((item) => item.id),
    ).toContain(organizationId);
    expect((await member.client.organizations.list.query({ deleted: true })).items).toEqual([]);
    expect((await restore()).deletedAt).toBeNull();
    await member.client.projects.get.query({ projectId });
  });

  test('frees its username, and comes back under another when that was taken', async () => {
    const username = `house-${made}`;
    await remove(owner);
    await stranger.client.organizations.create.mutate({ name: 'New', username });
    expect((await failureOf(restore())).code).toBe('USERNAME_TAKEN');
    expect((await restore(`${username}-again`)).username).toBe(`${username}-again`);
  });

  test('may not leave a project with nobody who can act as its owner', async () => {
    const projectId = await shareProject('owner');
    await owner.client.members.leave.mutate({ projectId });
    const failure = await failureOf(remove(owner));
    expect(failure.code).toBe('CONFLICT');
    expect(failure.message).toContain('only owner of 1 project');
  });
});
