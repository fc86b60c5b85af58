/**
 * A right that is taken away by a statement at the database, past every procedure: on every node the
 * subscriptions that had it end there, and the others do not notice; whichever way the news comes.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bus } from '../../src/bus/Bus.ts';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { hashToken } from '../../src/domain/identity/secrets.ts';
import { emit } from '../../src/events/emit.ts';
import { type Watching, type World, inventComment, startWorld, watchProject } from './world.ts';

/** Somebody who may watch a project, and all that this could rest on. */
interface Scene {
  projectId: string;
  personId: string;
  organizationId: string;
  /** A role of this scene alone, which allows to watch. */
  role: string;
  /** Token or API key. */
  credential: string;
}

type Means = 'role' | 'organization' | 'visibility' | 'key';
const noNews = () => () => {};

/** How a node hears. */
interface Hearing {
  silent: (keyof Bus)[];
  sweepMs: number;
  waitsForEvents: boolean;
  /** Which of the cases below are tried; absent: all. */
  only?: string[];
}

/** What a node reads is the same whichever way it was told to: one case of each kind shows that. */
const ofEachKind = [
  'a rule of the policy is removed',
  'a member is removed',
  'the organization is suspended',
  'the project is made private',
  'the session is revoked',
];

/** By what the database says itself, by hints of events, or by looking every now and then. */
const hearings: Record<string, Hearing> = {
  'what the database says': { silent: [], sweepMs: 60_000, waitsForEvents: false },
  'an event that follows': { silent: ['onEpoch'], sweepMs: 60_000, waitsForEvents: true, only: ofEachKind },
  'the sweep, the bus being cut': {
    silent: ['onHint', 'onEpoch'],
    sweepMs: 150,
    waitsForEvents: false,
    only: ofEachKind,
  },
};

const cases: [what: string, by: Means, code: string, revoke: (scene: Scene) => string][] = [
  [
    'a rule of the policy is removed',
    'role',
    'FORBIDDEN',
    ({ role }) => `delete from casbin_rules where ptype = 'p' and v0 = 'role:${role}' and v2 = 'watch'`,
  ],
  [
    'the role is denied it',
    'role',
    'FORBIDDEN',
    ({ role }) =>
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:${role}', 'projects', '*', 'deny')`,
  ],
  [
    'a member is removed',
    'role',
    'FORBIDDEN',
    ({ personId }) => `delete from casbin_rules where ptype = 'g' and v0 = 'user:${personId}'`,
  ],
  [
    'a member gets another role',
    'role',
    'FORBIDDEN',
    ({ personId, projectId }) => `
      with went as (delete from casbin_rules where ptype = 'g' and v0 = 'user:${personId}')
      insert into casbin_rules (ptype, v0, v1, v2) values ('g', 'user:${personId}', 'role:nothing', 'project:${projectId}')`,
  ],
  [
    'somebody leaves the organization that is a member',
    'organization',
    'FORBIDDEN',
    ({ personId }) => `delete from organization_members where actor_id = '${personId}'`,
  ],
  [
    'the organization is suspended',
    'organization',
    'FORBIDDEN',
    ({ organizationId }) => `update actors set suspended_at = now() where id = '${organizationId}'`,
  ],
  [
    'the organization is deleted',
    'organization',
    'FORBIDDEN',
    ({ organizationId }) => `update actors set deleted_at = now() where id = '${organizationId}'`,
  ],
  [
    'the organization is a member no more',
    'organization',
    'FORBIDDEN',
    ({ organizationId }) => `delete from casbin_rules where ptype = 'g' and v0 = 'user:${organizationId}'`,
  ],
  [
    'the project is made private',
    'visibility',
    'FORBIDDEN',
    ({ projectId }) => `update projects set visibility = 'private' where id = '${projectId}'`,
  ],
  [
    'the account is suspended',
    'role',
    'FORBIDDEN',
    ({ personId }) => `update actors set suspended_at = now() where id = '${personId}'`,
  ],
  [
    'the account is deleted',
    'role',
    'UNAUTHORIZED',
    ({ personId }) => `update actors set deleted_at = now() where id = '${personId}'`,
  ],
  [
    'the session is revoked',
    'role',
    'UNAUTHORIZED',
    ({ personId }) => `update sessions set revoked_at = now() where user_id = '${personId}'`,
  ],
  [
    'the session is deleted',
    'role',
    'UNAUTHORIZED',
    ({ personId }) => `delete from sessions where user_id = '${personId}'`,
  ],
  [
    'the API key is revoked',
    'key',
    'UNAUTHORIZED',
    ({ personId }) => `update api_keys set revoked_at = now() where user_id = '${personId}'`,
  ],
  [
    "the API key's scopes are narrowed",
    'key',
    'FORBIDDEN',
    ({ personId }) => `update api_keys set scopes = '{comments.list}' where user_id = '${personId}'`,
  ],
  [
    'the API key is limited to another project',
    'key',
    'FORBIDDEN',
    ({ personId }) =>
      `update api_keys set project_ids = array[gen_random_uuid()] where user_id = '${personId}'`,
  ],
  [
    'the owner of the API key loses the right',
    'key',
    'FORBIDDEN',
    ({ personId }) => `delete from casbin_rules where ptype = 'g' and v0 = 'user:${personId}'`,
  ],
];

async function addPerson(world: World): Promise<string> {
  return (await world.member()).id;
}

/** Somebody who may watch a project of its own by these means, and by nothing else. */
async function makeScene(world: World, by: Means): Promise<Scene> {
  const { reads } = world.database;
  const { id: personId, token } = await world.member();
  const scene: Scene = {
    projectId: randomUUID(),
    personId,
    organizationId: randomUUID(),
    role: `r${randomUUID()}`,
    credential: by === 'key' ? randomUUID() : token,
  };
  const { projectId, organizationId, role } = scene;
  await reads.query(
    `insert into projects (id, owner_id, name, identifier, visibility) values ($1, $2, 'P', $3, $4)`,
    [projectId, await addPerson(world), `p-${projectId}`, by === 'visibility' ? 'public' : 'private'],
  );
  for (const [object, action] of [
    ['projects', 'watch'],
    ['comments', 'list'],
  ]) {
    await reads.query(`insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', $1, $2, $3, 'allow')`, [
      `role:${role}`,
      object,
      action,
    ]);
  }
  if (by === 'organization') {
    await reads.query(
      `insert into actors (id, actor_type, name, username) values ($1, 'organization', 'O', 'o-' || $1::uuid)`,
      [organizationId],
    );
    await reads.query(
      `insert into organization_members (organization_id, actor_id, role) values ($1, $2, 'member')`,
      [organizationId, personId],
    );
  }
  if (by !== 'visibility') {
    const holder = by === 'organization' ? organizationId : personId;
    await reads.query(`insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, $2, $3)`, [
      `user:${holder}`,
      `role:${role}`,
      `project:${projectId}`,
    ]);
  }
  if (by === 'key') {
    await reads.query(
      `insert into api_keys (id, user_id, name, prefix, key_hash, scopes) values ($1, $2, 'K', 'tsk_', $3, '{*}')`,
      [randomUUID(), personId, hashToken(scene.credential)],
    );
  }
  return scene;
}

/** Somebody else with a role of their own in the same project: the token. */
async function addKeeper(world: World, projectId: string): Promise<string> {
  const keeper = await world.member();
  await world.database.reads.query(
    `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:viewer', $2)`,
    [`user:${keeper.id}`, `project:${projectId}`],
  );
  return keeper.token;
}

async function comment(world: World, projectId: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await transact(world.database.orm, systemCause, async (em) => {
      const view = inventComment(randomUUID(), `comment ${n}`);
      emit(em, `project:${projectId}`, 'comment.added', () => view);
    });
  }
}

describe.each(Object.entries(hearings))('by %s', (_name, { silent, sweepMs, waitsForEvents, only }) => {
  const tried = cases.filter(([what]) => !only || only.includes(what));
  let world: World;
  let urls: string[];

  beforeAll(async () => {
    const deaf = (bus: Bus): Bus =>
      new Proxy(bus, {
        get: (target, name) => {
          if (silent.includes(name as keyof Bus)) return noNews;
          const found: unknown = Reflect.get(target, name, target);
          return typeof found === 'function' ? found.bind(target) : found;
        },
      });
    world = await startWorld({ sweepMs, hubBus: deaf });
    const other = await world.addNode({ sweepMs, hubBus: deaf });
    urls = [world.port, other.port].map((port) => `ws://127.0.0.1:${port}/trpc`);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const watch = (credential: string, projectId: string): Watching[] =>
    urls.map((url) => watchProject(world.connect(credential, { url }).client, projectId));

  test.each(tried)('when %s, that subscription ends and no other', async (_what, by, code, revoke) => {
    const scene = await makeScene(world, by);
    const { projectId } = scene;
    const lost = watch(scene.credential, projectId);
    const kept = watch(await addKeeper(world, projectId), projectId);
    const all = [...lost, ...kept];
    await Promise.all(all.map((watching) => watching.until(({ values }) => values.length === 1)));

    await world.database.reads.query(revoke(scene));
    if (waitsForEvents) await comment(world, projectId, 3);
    for (const watching of lost) {
      await watching.until(({ error }) => error !== undefined);
      expect(watching.error?.data?.code).toBe(code);
    }
    if (!waitsForEvents) await comment(world, projectId, 3);
    for (const watching of kept) await watching.until(({ values }) => values.length === 4);
    for (const watching of kept) {
      expect(watching.seqs()).toEqual([1, 2, 3]);
      expect(watching.error).toBeUndefined();
      watching.stop();
    }
    for (const watching of lost) expect(watching.values).toHaveLength(1);
  });

  test('when a project is deleted, all who watch it end, and who watches another one does not', async () => {
    for (const statement of [
      `update projects set deleted_at = now() where id = $1`,
      `delete from projects where id = $1`,
    ]) {
      const scene = await makeScene(world, 'role');
      const elsewhere = await makeScene(world, 'role');
      const lost = watch(scene.credential, scene.projectId);
      const kept = watch(elsewhere.credential, elsewhere.projectId);
      await Promise.all(
        [...lost, ...kept].map((watching) => watching.until(({ values }) => values.length === 1)),
      );
      await world.database.reads.query(statement, [scene.projectId]);
      if (waitsForEvents) await comment(world, scene.projectId, 1);
      for (const watching of lost) {
        await watching.until(({ error }) => error !== undefined);
        expect(watching.error?.data?.code).toBe('FORBIDDEN');
        expect(watching.values).toHaveLength(1);
      }
      for (const watching of kept) {
        expect(watching.error).toBeUndefined();
        watching.stop();
      }
    }
  });

  test('one session that ends leaves the other sessions of the same person alone', async () => {
    const scene = await makeScene(world, 'role');
    const token = randomUUID();
    await world.database.reads.query(
      `insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
      [randomUUID(), scene.personId, hashToken(token)],
    );
    const lost = watch(scene.credential, scene.projectId);
    const kept = watch(token, scene.projectId);
    await Promise.all(
      [...lost, ...kept].map((watching) => watching.until(({ values }) => values.length === 1)),
    );
    await world.database.reads.query('update sessions set revoked_at = now() where token_hash = $1', [
      hashToken(scene.credential),
    ]);
    if (waitsForEvents) await comment(world, scene.projectId, 1);
    for (const watching of lost) {
      await watching.until(({ error }) => error !== undefined);
      expect(watching.error?.data?.code).toBe('UNAUTHORIZED');
    }
    for (const watching of kept) {
      expect(watching.error).toBeUndefined();
      watching.stop();
    }
  });
});
