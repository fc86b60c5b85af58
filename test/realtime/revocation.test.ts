import { expect, test, vi } from 'vitest';
import { hashToken } from '../../src/domain/identity/secrets.ts';
import { type World, collect, startWorld, watchProject } from './world.ts';

/** Counts the decisions that are made anew, and the statements that read for them, from now on. */
function countDecisions(world: World): { decisions: number; statements: number } {
  const counts = { decisions: 0, statements: 0 };
  const { reads } = world.database;
  const query = reads.query.bind(reads) as (...given: unknown[]) => unknown;
  vi.spyOn(reads, 'query').mockImplementation((...given: unknown[]) => {
    const [text, values] = given;
    if (typeof text === 'string' && text.includes('with ordinality as asked')) {
      counts.statements += 1;
      counts.decisions += (values as unknown[][])[0]?.length ?? 0;
    }
    return query(...given) as never;
  });
  return counts;
}

test('who is removed from the project gets nothing that is committed afterwards, and the subscription ends', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const member = await world.member('viewer');
  const stays = await world.member('viewer');
  const removed = watchProject(world.connect(member.token).client, world.projectId);
  const remaining = watchProject(world.connect(stays.token).client, world.projectId);
  await Promise.all(
    [removed, remaining].map((watching) => watching.until(({ values }) => values.length === 1)),
  );
  await world.comment(2);
  await removed.until(({ values }) => values.length === 3);
  await world.expel(member);
  await world.comment(2);
  await remaining.until(({ values }) => values.length === 5);
  await removed.until(({ error }) => error !== undefined);
  expect(removed.error?.data?.code).toBe('FORBIDDEN');
  expect(removed.seqs()).toEqual([1, 2]);
  expect(world.hub.stats().logs).toBe(1);
});

test('a right lost in a project that one may still see ends the subscription with FORBIDDEN', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  await world.database.reads.query(`update projects set visibility = 'public' where id = $1`, [
    world.projectId,
  ]);
  const member = await world.member('viewer');
  const { client } = world.connect(member.token);
  const lane = collect((options) =>
    client.test.lane.subscribe({ projectId: world.projectId }, options as never),
  );
  await lane.until(({ values }) => values.length === 1);
  await world.expel(member);
  await lane.until(({ error }) => error !== undefined);
  expect(lane.error?.data?.code).toBe('FORBIDDEN');
  expect(world.hub.stats().lanes).toBe(0);
});

test('a revoked session ends its subscriptions although nothing happens in the stream', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const { token } = await world.member('viewer');
  const watching = watchProject(world.connect(token).client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.database.reads.query('update sessions set revoked_at = now() where token_hash = $1', [
    hashToken(token),
  ]);
  await watching.until(({ error }) => error !== undefined);
  expect(watching.error?.data?.code).toBe('UNAUTHORIZED');
});

test('a role that changes changes at once which events are shown', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  await world.database.reads.query(`update projects set visibility = 'public' where id = $1`, [
    world.projectId,
  ]);
  const member = await world.member('viewer');
  const watching = watchProject(world.connect(member.token).client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.queueJob();
  await watching.until(({ values }) => values.length === 2);
  await world.expel(member);
  await world.queueJob();
  await world.comment();
  await watching.until(({ values }) => values.at(-1)?.seq === 3);
  expect(watching.seqs()).toEqual([1, 3]);
});

test('revocations in the middle of a storm of events are exact for every watcher', async () => {
  await using world = await startWorld();
  const members = await Promise.all(Array.from({ length: 8 }, () => world.member('viewer')));
  const watchings = members.map(({ token }) => watchProject(world.connect(token).client, world.projectId));
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 1)));
  const writing = Promise.all(Array.from({ length: 4 }, () => world.comment(60)));
  const heads: number[] = [];
  for (const member of members.slice(0, 6)) {
    await world.expel(member);
    // Whatever is committed from here on was committed after the revocation.
    const { rows } = await world.database.reads.query<{ seq: string }>(
      'select coalesce(max(seq), 0) as seq from streams',
    );
    heads.push(Number(rows[0]?.seq));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await writing;
  for (const [index, watching] of watchings.entries()) {
    const seqs = watching.seqs();
    const head = heads[index];
    if (head === undefined) {
      await watching.until(({ values }) => values.at(-1)?.seq === 240);
      continue;
    }
    await watching.until(({ error }) => error !== undefined);
    expect(watching.seqs().length).toBeGreaterThanOrEqual(seqs.length);
    expect(watching.seqs()).toEqual(Array.from({ length: watching.seqs().length }, (_, n) => n + 1));
    expect(watching.seqs().length).toBeLessThanOrEqual(head);
  }
});

test('a subscription without the right to it fails before it starts', async () => {
  await using world = await startWorld();
  const { token } = await world.member();
  const stranger = watchProject(world.connect(token).client, world.projectId);
  const forged = watchProject(world.connect('forged').client, world.projectId, { lastEventId: '1.0' });
  const anonymous = watchProject(world.connect(null).client, world.projectId);
  for (const [watching, code] of [
    [stranger, 'NOT_FOUND'],
    [forged, 'UNAUTHORIZED'],
    [anonymous, 'UNAUTHORIZED'],
  ] as const) {
    await watching.until(({ error }) => error !== undefined);
    expect(watching.error?.data?.code).toBe(code);
    expect(watching.starts).toBe(0);
  }
  expect(world.realtime.connections()).toBe(3);
});

test('a change of one member is decided anew for that member alone, however many others watch', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const members = await Promise.all(Array.from({ length: 40 }, () => world.member('viewer')));
  const watchings = members.map(({ token }) => watchProject(world.connect(token).client, world.projectId));
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 1)));
  const counts = countDecisions(world);
  const [removed, suspended, ...others] = members;
  await world.expel(removed as never);
  await watchings[0]?.until(({ error }) => error !== undefined);
  await world.database.reads.query('update actors set suspended_at = now() where id = $1', [suspended?.id]);
  await watchings[1]?.until(({ error }) => error !== undefined);
  // Of no concern to anybody here: somebody new, and a session that ends.
  const stranger = await world.member('viewer');
  await world.database.reads.query('delete from sessions where user_id = $1', [stranger.id]);
  await world.comment();
  await Promise.all(
    watchings.slice(2).map((watching) => watching.until(({ values }) => values.length === 2)),
  );
  expect(counts).toEqual({ decisions: 2, statements: 2 });
  expect(others).toHaveLength(38);
});

test('a change of the policy is decided once for each credential and project, in few statements', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const members = await Promise.all(Array.from({ length: 20 }, () => world.member('viewer')));
  const watchings = members.flatMap(({ token }) => {
    const { client } = world.connect(token);
    return [1, 2, 3].map(() => watchProject(client, world.projectId));
  });
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 1)));
  const counts = countDecisions(world);
  await world.database.reads.query(
    `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:viewer', 'comments', 'list', 'deny')`,
  );
  await world.comment(2);
  await world.queueJob();
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 2)));
  for (const watching of watchings) expect(watching.seqs()).toEqual([3]);
  expect(counts).toEqual({ decisions: 20, statements: 1 });
});

test('changes whose tidied records nobody can read any more are decided anew for all', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const member = await world.member('viewer');
  const stays = await world.member('viewer');
  const watchings = [member, stays].map(({ token }) =>
    watchProject(world.connect(token).client, world.projectId),
  );
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 1)));
  const counts = countDecisions(world);
  const client = await world.database.reads.connect();
  // In one transaction: the change is committed together with the loss of its record.
  await client.query('begin');
  await client.query(`delete from casbin_rules where ptype = 'g' and v0 = $1`, [`user:${member.id}`]);
  await client.query('set constraints all immediate');
  await client.query('delete from access_changes');
  await client.query('commit');
  client.release();
  await watchings[0]?.until(({ error }) => error !== undefined);
  await world.comment();
  await watchings[1]?.until(({ values }) => values.length === 2);
  expect(counts.decisions).toBe(2);
});

test('who says on the channel what is not so changes nothing', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const { token } = await world.member('viewer');
  const watching = watchProject(world.connect(token).client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  const counts = countDecisions(world);
  const { reads } = world.database;
  for (const text of ['access 999999999', 'policy 999999999', 'access', 'access -1', 'access 1e9', 'x 1', ''])
    await reads.query(`select pg_notify('tessera_epochs', $1)`, [text]);
  await world.comment(2);
  await watching.until(({ values }) => values.length === 3);
  expect(counts.decisions).toBe(0);
  await reads.query('update sessions set revoked_at = now() where token_hash = $1', [hashToken(token)]);
  await watching.until(({ error }) => error !== undefined);
  expect(watching.error?.data?.code).toBe('UNAUTHORIZED');
});
