import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let owner: Person;
let other: Person;
let projectId: string;

beforeAll(async () => {
  server = await startServer();
  owner = await server.person('Owner');
  other = await server.person('Other');
});
afterAll(() => server.close());
beforeEach(async () => {
  projectId = (await owner.client.projects.create.mutate({ name: 'Team' })).id;
});

/** The membership as Casbin's table has it. */
async function rulesOf(actorId: string): Promise<string[]> {
  const { rows } = await server.tessera.services.reads.query<{ v1: string }>(
    `select v1 from casbin_rules where ptype = 'g' and v0 = $1 and v2 = $2`,
    [`user:${actorId}`, `project:${projectId}`],
  );
  return rows.map((row) => row.v1);
}

describe('members', () => {
  test('a member may do what the role says, and the policy table says the same', async () => {
    await owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'viewer' });
    expect(await rulesOf(other.id)).toEqual(['role:viewer']);
    await other.client.members.list.query({ projectId });
    expect((await failureOf(other.client.projects.update.mutate({ projectId, name: 'No' }))).code).toBe(
      'FORBIDDEN',
    );
    await owner.client.members.setRole.mutate({ projectId, actorId: other.id, role: 'manager' });
    expect(await rulesOf(other.id)).toEqual(['role:manager']);
    await other.client.projects.update.mutate({ projectId, name: 'Yes' });
  });

  test('a removed member is refused at the next call', async () => {
    await owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'editor' });
    await other.client.projects.get.query({ projectId });
    await owner.client.members.remove.mutate({ projectId, actorId: other.id });
    expect(await rulesOf(other.id)).toEqual([]);
    expect((await failureOf(other.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
  });

  test('nobody grants, changes or takes away a role that exceeds their own', async () => {
    const manager = await server.person('Manager');
    await owner.client.members.add.mutate({ projectId, actorId: manager.id, role: 'manager' });
    const grant = manager.client.members.add.mutate({ projectId, actorId: other.id, role: 'owner' });
    expect((await failureOf(grant)).code).toBe('GRANT_EXCEEDS_OWN');
    const raise = manager.client.members.setRole.mutate({ projectId, actorId: manager.id, role: 'owner' });
    expect((await failureOf(raise)).code).toBe('GRANT_EXCEEDS_OWN');
    const depose = manager.client.members.setRole.mutate({ projectId, actorId: owner.id, role: 'viewer' });
    expect((await failureOf(depose)).code).toBe('GRANT_EXCEEDS_OWN');
    expect(
      (await failureOf(manager.client.members.remove.mutate({ projectId, actorId: owner.id }))).code,
    ).toBe('GRANT_EXCEEDS_OWN');
  });

  test('the last owner can neither leave nor step down', async () => {
    expect((await failureOf(owner.client.members.leave.mutate({ projectId }))).code).toBe('LAST_OWNER');
    const stepDown = owner.client.members.setRole.mutate({ projectId, actorId: owner.id, role: 'viewer' });
    expect((await failureOf(stepDown)).code).toBe('LAST_OWNER');
  });

  test('of two owners who leave at once, one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const project = await owner.client.projects.create.mutate({ name: `Race ${round}` });
      await owner.client.members.add.mutate({ projectId: project.id, actorId: other.id, role: 'owner' });
      const outcomes = await Promise.allSettled([
        owner.client.members.leave.mutate({ projectId: project.id }),
        other.client.members.leave.mutate({ projectId: project.id }),
      ]);
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    }
  });

  test('the database itself refuses a project without owner, whatever the code does', async () => {
    const attempt = server.tessera.services.reads.query('delete from project_members where project_id = $1', [
      projectId,
    ]);
    await expect(attempt).rejects.toThrow('left without an owner');
  });

  test('an organization that is a member gives its members its role, as long as they belong to it', async () => {
    const worker = await server.person('Worker');
    const organization = await other.client.organizations.create.mutate({
      name: 'Guild',
      username: `guild-${Date.now()}`,
    });
    await other.client.organizations.addMember.mutate({
      organizationId: organization.id,
      actorId: worker.id,
      role: 'member',
    });
    await owner.client.members.add.mutate({ projectId, actorId: organization.id, role: 'manager' });
    await worker.client.projects.update.mutate({ projectId, name: 'Ours' });
    expect((await worker.client.projects.list.query({})).items.map((project) => project.id)).toEqual([
      projectId,
    ]);
    await other.client.organizations.removeMember.mutate({
      organizationId: organization.id,
      actorId: worker.id,
    });
    expect((await failureOf(worker.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    expect((await worker.client.projects.list.query({})).items).toEqual([]);
  });

  test('a suspended person is refused at the next call, and let in again afterwards', async () => {
    const admin = await server.admin();
    await owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'viewer' });
    await admin.client.actors.suspend.mutate({ actorId: other.id });
    expect((await failureOf(other.client.projects.get.query({ projectId }))).code).toBe('ACCOUNT_SUSPENDED');
    await admin.client.actors.unsuspend.mutate({ actorId: other.id });
    expect((await other.client.projects.get.query({ projectId })).id).toBe(projectId);
  });

  test('an unknown role is refused with the list of roles', async () => {
    const failure = await failureOf(
      owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'emperor' }),
    );
    expect(failure).toMatchObject({ code: 'ROLE_UNKNOWN' });
    expect(failure.remedy).toContain('developer, editor, manager, owner, viewer');
  });

  test('adding a member twice is a conflict', async () => {
    await owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'editor' });
    const again = owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'editor' });
    expect((await failureOf(again)).code).toBe('ALREADY_MEMBER');
  });

  test('after a transfer the new owner can take the old one out', async () => {
    const { id } = await owner.client.projects.transfer.mutate({ projectId, actorId: other.id });
    await other.client.projects.acceptTransfer.mutate({ transferId: id });
    expect((await other.client.projects.get.query({ projectId })).ownerId).toBe(other.id);
    await other.client.members.remove.mutate({ projectId, actorId: owner.id });
    expect((await failureOf(owner.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
  });

  test("another project's members are out of reach", async () => {
    const stranger = await server.person('Stranger');
    const theirs = await stranger.client.projects.create.mutate({ name: 'Theirs' });
    expect((await failureOf(owner.client.members.list.query({ projectId: theirs.id }))).code).toBe(
      'NOT_FOUND',
    );
    expect(
      (await failureOf(owner.client.members.remove.mutate({ projectId, actorId: stranger.id }))).code,
    ).toBe('NOT_FOUND');
  });
});
