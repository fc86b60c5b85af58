import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { openBlocker } from '../support/openBlocker.ts';
import { untilWaiting } from '../support/untilWaiting.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  [ada, bob] = [await server.person('Ada'), await server.person('Bob')];
  projectId = (await ada.client.projects.create.mutate({ name: 'Costly' })).id;
});

const offer = async (to: string, by = ada) =>
  (await by.client.projects.transfer.mutate({ projectId, actorId: to })).id;
const ownerOf = async (person = ada) => (await person.client.projects.get.query({ projectId })).ownerId;
const offersTo = async (person: Person) => (await person.client.projects.transfers.query({})).items;
const codeOf = async (call: Promise<unknown>) => (await failureOf(call)).code;
const sql = (text: string, values: unknown[]) => server.tessera.services.reads.query(text, values);
const told = async (person: Person, type: string) =>
  (await person.client.notifications.list.query({})).items.filter((item) => item.type === type);

async function organizationOf(...owners: Person[]): Promise<string> {
  const [first, ...others] = owners;
  if (!first) throw new Error('An organization needs an owner.');
  const { id } = await first.client.organizations.create.mutate({
    name: 'Guild',
    username: `guild-${randomUUID().slice(0, 8)}`,
  });
  for (const { id: actorId } of others)
    await first.client.organizations.addMember.mutate({ organizationId: id, actorId, role: 'owner' });
  return id;
}

/** Lets both begin at once: what either needs is locked until both wait for it. */
async function race(...calls: (() => Promise<unknown>)[]): Promise<string[]> {
  await using blocker = await openBlocker(server);
  await blocker.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`project:${projectId}`]);
  const answers = calls.map((call) =>
    call().then(
      () => 'done',
      (error: { data?: { code?: string } }) => String(error.data?.code),
    ),
  );
  await untilWaiting(server, calls.length);
  await blocker.query('commit');
  return await Promise.all(answers);
}

describe('an offer', () => {
  test('is made thirty times an hour at most by one person, whatever became of the others', async () => {
    for (let count = 0; count < 15; count += 1) {
      const transferId = await offer(bob.id);
      await ada.client.projects.cancelTransfer.mutate({ projectId, transferId });
      expect(await codeOf(offer(randomUUID()))).toBe('NOT_FOUND');
    }
    expect(await failureOf(offer(bob.id))).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect(await offersTo(bob)).toEqual([]);
  });

  test('changes nothing until it is accepted; then its jobs are charged to who accepted', async () => {
    const transferId = await offer(bob.id);
    expect(await ownerOf()).toBe(ada.id);
    expect(await codeOf(bob.client.projects.get.query({ projectId }))).toBe('NOT_FOUND');
    const [shown] = await offersTo(bob);
    expect(shown).toMatchObject({
      id: transferId,
      projectId,
      projectName: 'Costly',
      from: { id: ada.id },
      to: { id: bob.id },
      status: 'pending',
      resolvedAt: null,
    });
    expect(await offersTo(ada)).toEqual([shown]);
    const accepted = await bob.client.projects.acceptTransfer.mutate({ transferId });
    expect(accepted).toMatchObject({ status: 'accepted', resolvedAt: expect.any(Date) });
    expect(await ownerOf(bob)).toBe(bob.id);
    expect(await ownerOf(ada)).toBe(bob.id);
    expect([...(await offersTo(ada)), ...(await offersTo(bob))]).toEqual([]);
  });

  test('is told to who may answer, and its answer to who made it', async () => {
    const transferId = await offer(bob.id);
    expect(await told(bob, 'transfer.offered')).toMatchObject([
      { title: 'Ada offers you the project “Costly”', projectId: null, payload: { transferId, projectId } },
    ]);
    await bob.client.projects.declineTransfer.mutate({ transferId });
    expect(await told(ada, 'transfer.answered')).toMatchObject([
      { title: 'Bob declined your offer of the project “Costly”', payload: { status: 'declined' } },
    ]);
    expect(await ownerOf()).toBe(ada.id);
    await offer(bob.id);
  });

  test('is in the audit log, made and answered', async () => {
    const transferId = await offer(bob.id);
    await bob.client.projects.acceptTransfer.mutate({ transferId });
    const { rows } = await sql(
      `select user_id, action, changes -> 'status' ->> 'new' as status from audit_logs
       where entity_type = 'project_transfers' and entity_id = $1 order by created_at`,
      [transferId],
    );
    expect(rows).toEqual([
      { user_id: ada.id, action: 'create', status: 'pending' },
      { user_id: bob.id, action: 'update', status: 'accepted' },
    ]);
  });

  test('is one at a time, and can be taken back', async () => {
    const cleo = await server.person('Cleo');
    const transferId = await offer(bob.id);
    expect(await failureOf(offer(cleo.id))).toMatchObject({ code: 'TRANSFER_PENDING' });
    const cancelled = await ada.client.projects.cancelTransfer.mutate({ projectId, transferId });
    expect(cancelled.status).toBe('cancelled');
    expect(await codeOf(bob.client.projects.acceptTransfer.mutate({ transferId }))).toBe('TRANSFER_OVER');
    expect(await offersTo(bob)).toEqual([]);
    await offer(cleo.id);
  });

  test('ends by itself after two weeks, and another can then be made', async () => {
    const transferId = await offer(bob.id);
    const [shown] = await offersTo(bob);
    expect(((shown?.expiresAt.getTime() ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(14, 1);
    await sql(`update project_transfers set expires_at = now() where id = $1`, [transferId]);
    expect(await offersTo(bob)).toEqual([]);
    expect(await failureOf(bob.client.projects.acceptTransfer.mutate({ transferId }))).toMatchObject({
      code: 'TRANSFER_OVER',
      message: expect.stringContaining('its time is over'),
    });
    expect(await offer(bob.id)).not.toBe(transferId);
  });

  test('is nobody else’s business', async () => {
    const cleo = await server.person('Cleo');
    const transferId = await offer(bob.id);
    const calls = [
      () => cleo.client.projects.acceptTransfer.mutate({ transferId }),
      () => cleo.client.projects.declineTransfer.mutate({ transferId }),
      () => ada.client.projects.acceptTransfer.mutate({ transferId }),
      () => bob.client.projects.cancelTransfer.mutate({ projectId, transferId }),
    ];
    for (const call of calls) expect(await codeOf(call())).toBe('NOT_FOUND');
    expect(await offersTo(cleo)).toEqual([]);
    const { id: other } = await cleo.client.projects.create.mutate({ name: 'Other' });
    expect(await codeOf(cleo.client.projects.cancelTransfer.mutate({ projectId: other, transferId }))).toBe(
      'NOT_FOUND',
    );
  });

  test('to who owns the project already is refused', async () => {
    expect(await codeOf(offer(ada.id))).toBe('CONFLICT');
  });

  test('to who deletes their account is over', async () => {
    await offer(bob.id);
    await bob.client.actors.delete.mutate({ password: bob.password });
    expect(await offersTo(ada)).toEqual([]);
    await offer((await server.person('Cleo')).id);
  });
});

describe('whom nobody has to ask', () => {
  test('an owner who is to pay from now on themselves', async () => {
    await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'owner' });
    const done = await bob.client.projects.transfer.mutate({ projectId, actorId: bob.id });
    expect(done.status).toBe('accepted');
    expect(await ownerOf()).toBe(bob.id);
    expect(await told(bob, 'transfer.offered')).toEqual([]);
  });

  test('an organization that the caller owns; of others its owners answer', async () => {
    const own = await organizationOf(ada);
    expect((await ada.client.projects.transfer.mutate({ projectId, actorId: own })).status).toBe('accepted');
    expect(await ownerOf()).toBe(own);
    const cleo = await server.person('Cleo');
    const theirs = await organizationOf(bob, cleo);
    const transferId = await offer(theirs);
    expect(await ownerOf()).toBe(own);
    for (const person of [bob, cleo]) expect(await told(person, 'transfer.offered')).toHaveLength(1);
    await bob.client.organizations.setRole.mutate({
      organizationId: theirs,
      actorId: cleo.id,
      role: 'member',
    });
    expect(await offersTo(cleo)).toEqual([]);
    expect(await codeOf(cleo.client.projects.acceptTransfer.mutate({ transferId }))).toBe('NOT_FOUND');
    await bob.client.projects.acceptTransfer.mutate({ transferId });
    expect(await ownerOf()).toBe(theirs);
  });
});

describe('what changes before the answer', () => {
  test('who made the offer may no longer give the project away: it cannot be accepted', async () => {
    const cleo = await server.person('Cleo');
    await ada.client.members.add.mutate({ projectId, actorId: cleo.id, role: 'owner' });
    const transferId = await offer(bob.id, cleo);
    await ada.client.members.setRole.mutate({ projectId, actorId: cleo.id, role: 'manager' });
    expect(await codeOf(bob.client.projects.acceptTransfer.mutate({ transferId }))).toBe('TRANSFER_OVER');
    await ada.client.members.remove.mutate({ projectId, actorId: cleo.id });
    expect(await codeOf(bob.client.projects.acceptTransfer.mutate({ transferId }))).toBe('TRANSFER_OVER');
    expect(await ownerOf()).toBe(ada.id);
  });

  test('who made the offer is suspended: it cannot be accepted', async () => {
    const transferId = await offer(bob.id);
    const admin = await server.admin();
    await admin.client.actors.suspend.mutate({ actorId: ada.id });
    expect(await codeOf(bob.client.projects.acceptTransfer.mutate({ transferId }))).toBe('TRANSFER_OVER');
  });

  test('the organization is suspended: nobody accepts for it until it is not', async () => {
    const actorId = await organizationOf(bob);
    const transferId = await offer(actorId);
    const admin = await server.admin();
    await admin.client.actors.suspend.mutate({ actorId });
    expect(await codeOf(bob.client.projects.acceptTransfer.mutate({ transferId }))).toBe('CONFLICT');
    expect(await ownerOf()).toBe(ada.id);
    await admin.client.actors.unsuspend.mutate({ actorId });
    await bob.client.projects.acceptTransfer.mutate({ transferId });
    expect(await ownerOf()).toBe(actorId);
  });

  test('the project is deleted: it cannot be accepted until it is restored', async () => {
    const transferId = await offer(bob.id);
    await ada.client.projects.delete.mutate({ projectId });
    expect(await offersTo(bob)).toEqual([]);
    expect(await codeOf(bob.client.projects.acceptTransfer.mutate({ transferId }))).toBe('NOT_FOUND');
    await ada.client.projects.restore.mutate({ projectId });
    await bob.client.projects.acceptTransfer.mutate({ transferId });
    expect(await ownerOf()).toBe(bob.id);
  });
});

describe('at once', () => {
  test('two owners of an organization accept: one does', async () => {
    const cleo = await server.person('Cleo');
    const transferId = await offer(await organizationOf(bob, cleo));
    const accept = (person: Person) => () => person.client.projects.acceptTransfer.mutate({ transferId });
    expect((await race(accept(bob), accept(cleo))).toSorted()).toEqual(['TRANSFER_OVER', 'done']);
    const { rows } = await sql(`select 1 from project_members where project_id = $1`, [projectId]);
    expect(rows).toHaveLength(2);
  });

  test('one accepts and the other takes back: one of the two happens', async () => {
    const transferId = await offer(bob.id);
    const answers = await race(
      () => bob.client.projects.acceptTransfer.mutate({ transferId }),
      () => ada.client.projects.cancelTransfer.mutate({ projectId, transferId }),
    );
    expect(answers.toSorted()).toEqual(['TRANSFER_OVER', 'done']);
    expect(await ownerOf()).toBe(answers[0] === 'done' ? bob.id : ada.id);
  });

  test('one accepts while who made the offer is taken out: a project is never given by who has no say in it', async () => {
    const cleo = await server.person('Cleo');
    await ada.client.members.add.mutate({ projectId, actorId: cleo.id, role: 'owner' });
    const transferId = await offer(bob.id, cleo);
    const [accepted, removed] = await race(
      () => bob.client.projects.acceptTransfer.mutate({ transferId }),
      () => ada.client.members.remove.mutate({ projectId, actorId: cleo.id }),
    );
    expect(removed).toBe('done');
    expect(['done', 'TRANSFER_OVER']).toContain(accepted);
    expect(await ownerOf()).toBe(accepted === 'done' ? bob.id : ada.id);
  });
});
