import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdForJob } from '../../src/domain/credits/holdForJob.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { type CreditWorld, makeCreditWorld } from '../support/creditWorld.ts';
import { failureOf } from '../support/failure.ts';
import { codesOf } from '../support/workWorld.ts';
import type { Person } from '../support/server.ts';

let world: CreditWorld;
let ada: Person;
let bob: Person;
let admin: Person;

beforeAll(async () => {
  world = await makeCreditWorld({ JOB_PRICES: 'media.translate=10, media.probe=0' });
  [ada, bob, admin] = [
    await world.server.person('Ada'),
    await world.server.person('Bob'),
    await world.server.admin(),
  ];
});
afterAll(() => world.server.close());

const grant = (actorId: string, amount: number, more: object = {}) =>
  admin.client.credits.grant.mutate({ actorId, amount, reason: 'for the tests', ...more });

describe('an account', () => {
  test('begins with nothing, and shows what it was given, by whom and why', async () => {
    const { client, id } = ada;
    expect(await client.credits.balance.query({})).toEqual({
      actorId: id,
      balance: 0,
      held: 0,
      available: 0,
      debt: 0,
    });
    await grant(id, 50);
    await grant(id, -20, { reason: 'too many' });
    expect(await client.credits.balance.query({})).toMatchObject({ balance: 30, available: 30 });
    const { items } = await client.credits.history.query({});
    expect(items).toMatchObject([
      { delta: -20, kind: 'correction', reason: 'too many', authorId: admin.id, balanceAfter: 30 },
      { delta: 50, kind: 'grant', reason: 'for the tests', authorId: admin.id, balanceAfter: 50 },
    ]);
    const inbox = await client.notifications.list.query({});
    expect(inbox.items.map(({ title }) => title)).toEqual([
      '20 credits were taken from your account',
      'You were given 50 credits',
    ]);
    const { rows } = await world.server.tessera.services.reads.query(
      `select changes from audit_logs where entity_type = 'credits_history' and action = 'grant' and user_id = $1`,
      [admin.id],
    );
    expect(rows).toHaveLength(1);
  });

  test('pages its history by keyset, without a hole', async () => {
    const person = await world.server.person('Page');
    for (let n = 1; n <= 5; n += 1) await grant(person.id, n);
    const first = await person.client.credits.history.query({ limit: 2 });
    const second = await person.client.credits.history.query({ limit: 2, cursor: first.nextCursor });
    const third = await person.client.credits.history.query({ limit: 2, cursor: second.nextCursor });
    expect([first, second, third].map(({ items }) => items.map(({ delta }) => delta))).toEqual([
      [5, 4],
      [3, 2],
      [1],
    ]);
    expect(third.nextCursor).toBeNull();
  });

  test('is nobody else’s to see or to fill, but administrators and owners of the organization see it', async () => {
    const { id: organizationId } = await bob.client.organizations.create.mutate({
      name: 'Team',
      username: 'creditteam',
    });
    await grant(organizationId, 7);
    await bob.client.organizations.addMember.mutate({ organizationId, actorId: ada.id });
    expect((await bob.client.credits.balance.query({ actorId: organizationId })).balance).toBe(7);
    expect((await admin.client.credits.balance.query({ actorId: bob.id })).balance).toBe(0);
    expect(
      await codesOf([
        ada.client.credits.balance.query({ actorId: organizationId }),
        ada.client.credits.history.query({ actorId: bob.id }),
        ada.client.credits.holds.query({ actorId: bob.id }),
        ada.client.payments.transactions.query({ actorId: bob.id }),
        admin.client.credits.balance.query({ actorId: '00000000-0000-7000-8000-000000000000' }),
        ada.client.credits.grant.mutate({ actorId: ada.id, amount: 1, reason: 'me' }),
      ]),
    ).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN']);
  });

  test('is watched: what it holds first, then every change', async () => {
    const person = await world.server.person('Watch');
    const frames = collectFrames<{ type: string; balance?: object; payload?: object }>((on) =>
      person.client.credits.watch.subscribe({}, on),
    );
    const first = await frames.until(({ type }) => type === 'snapshot');
    await grant(person.id, 9);
    const last = await frames.until(({ type }) => type === 'credits.changed');
    frames.stop();
    expect(first).toMatchObject({ balance: { balance: 0 } });
    expect(last).toMatchObject({ payload: { actorId: person.id, balance: 9, available: 9 } });
  });

  test('of an organization is watched by its owners, and by nobody who is none any more', async () => {
    const { id: organizationId } = await bob.client.organizations.create.mutate({
      name: 'Watched',
      username: 'watchedteam',
    });
    const other = await world.server.person('Other');
    const member = { organizationId, actorId: other.id };
    await bob.client.organizations.addMember.mutate({ ...member, role: 'owner' });
    const frames = collectFrames<{ type: string; payload?: { balance: number } }>((on) =>
      other.client.credits.watch.subscribe({ actorId: organizationId }, on),
    );
    await frames.until(({ type }) => type === 'snapshot');
    await grant(organizationId, 3);
    await frames.until(({ payload }) => payload?.balance === 3);
    await bob.client.organizations.removeMember.mutate(member);
    await grant(organizationId, 4);
    expect((await failureOf(frames.until(({ payload }) => payload?.balance === 7))).code).toBe('NOT_FOUND');
    expect(frames.received.some(({ payload }) => payload?.balance === 7)).toBe(false);
  });
});

describe('a grant', () => {
  test('is made once for its key and for its mutationId, and another under the same key is a conflict', async () => {
    const { id } = await world.server.person('Key');
    const key = { idempotencyKey: 'gift' };
    const [one, two] = [await grant(id, 5, key), await grant(id, 5, key)];
    expect(two).toEqual(one);
    expect((await failureOf(grant(id, 6, key))).code).toBe('CONFLICT');
    await grant(id, 5, { mutationId: 'retry' });
    await grant(id, 5, { mutationId: 'retry' });
    expect((await admin.client.credits.balance.query({ actorId: id })).balance).toBe(10);
  });

  test('of nothing, a part, too much, without a reason or to nobody is refused', async () => {
    const fields = async (more: object) => Object.keys((await failureOf(grant(ada.id, 1, more))).fields);
    expect(
      await Promise.all(
        [{ amount: 0 }, { amount: 0.5 }, { amount: 1e12 }, { reason: ' ' }].map((more) => fields(more)),
      ),
    ).toEqual([['amount'], ['amount'], ['amount'], ['reason']]);
    expect((await failureOf(grant('00000000-0000-7000-8000-000000000000', 1))).code).toBe('NOT_FOUND');
    const { code, message } = await failureOf(grant(bob.id, -1));
    expect([code, message]).toEqual([
      'CREDITS_NOT_ENOUGH',
      'There are not enough credits: this takes 1, and the account that pays has less available.',
    ]);
  });
});

describe('a quote', () => {
  test('says what a kind of job costs, who pays, and whether it is covered', async () => {
    const { person, projectId } = await world.makeAccount(25);
    const quote = (more: object) =>
      person.client.credits.quote.query({ projectId, jobType: 'media.translate', ...more });
    expect(await quote({ units: 2 })).toEqual({
      jobType: 'media.translate',
      units: 2,
      credits: 20,
      payerId: person.id,
      isCovered: true,
    });
    expect(await quote({ units: 2.1 })).toMatchObject({ credits: 30, isCovered: false });
    expect(await quote({ jobType: 'repositories.sync' })).toMatchObject({ credits: 0, isCovered: true });
  });

  test('is for who starts jobs, and what is refused tells them nothing of what the owner has or owes', async () => {
    const { person, projectId } = await world.makeAccount(25);
    const [editor, viewer] = [await world.server.person('Editor'), await world.server.person('Viewer')];
    const add = (actorId: string, role: string) =>
      person.client.members.add.mutate({ projectId, actorId, role });
    await Promise.all([add(editor.id, 'editor'), add(viewer.id, 'viewer')]);
    const wanted = { projectId, jobType: 'media.translate', units: 3 };
    expect(await editor.client.credits.quote.query(wanted)).toMatchObject({ isCovered: false });
    expect((await failureOf(viewer.client.credits.quote.query(wanted))).code).toBe('FORBIDDEN');
    const refusal = async () => {
      const jobId = await world.makeJob(projectId);
      const hold = world.act((em) => holdForJob(em, { jobId, projectId, amount: 30 }));
      return hold.then(
        () => 'held',
        (error: Error) => error.message,
      );
    };
    expect(await refusal()).toMatch(/^There are not enough credits: this takes 30,(?!.*\d)/);
    await world.server.tessera.services.reads.query('update actors set credit_debt = 17 where id = $1', [
      person.id,
    ]);
    expect(await refusal()).toMatch(/^The account that pays owes credits(?!.*\d)/);
  });

  test('becomes a hold, which is listed until it ends', async () => {
    const { person, projectId } = await world.makeAccount(25);
    const jobId = await world.makeJob(projectId);
    await world.act((em) => holdForJob(em, { jobId, projectId, amount: 20 }));
    expect((await person.client.credits.holds.query({ status: 'held' })).items).toMatchObject([
      { jobId, projectId, amount: 20, captured: 0, status: 'held', resolvedAt: null },
    ]);
    expect(await person.client.credits.balance.query({})).toMatchObject({
      balance: 25,
      held: 20,
      available: 5,
    });
    await person.client.jobs.cancel.mutate({ projectId, jobId });
    expect((await person.client.credits.holds.query({ status: 'held' })).items).toEqual([]);
    expect((await person.client.credits.holds.query({})).items).toMatchObject([{ status: 'released' }]);
  });
});
