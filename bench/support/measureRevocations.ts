import { createTesseraClient } from '../../client/src/index.ts';
import { personId, tokenOf, uuidSql } from './fillMemberships.ts';
import { percentile } from './percentile.ts';
import { startPeer } from './peer.ts';
import { Watchers } from './Watchers.ts';
import type { Place } from './decisions.ts';

/** Subscriptions that are open, one a socket. */
const open = 1_000;
const projectId = '00000000-0000-7000-8000-000000000001';
const organizationId = '00000000-0000-7000-8000-000000000002';

/** People besides those who are measured; their tokens are their names. */
const [owner, admin] = ['00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000004'];

/** A private project that the first thousand people may watch through an organization, its owner, and an administrator. */
export async function makeWatchedProject({ pool }: Place): Promise<void> {
  const statements = [
    `insert into actors (id, actor_type, name, username) values ('${organizationId}', 'organization', 'Crowd', 'crowd')`,
    `insert into actors (id, actor_type, name, username, email, password_hash, role_id)
     select id, 'person', name, name, name || '@example.org', '-', (select r.id from roles r where r.name = role)
     from (values ('${owner}'::uuid, 'owner', 'user'), ('${admin}', 'admin', 'admin')) as person (id, name, role)`,
    `insert into sessions (id, user_id, token_hash, expires_at)
     select id, id, sha256(convert_to(username, 'UTF8')), now() + interval '1 day'
     from actors where username in ('owner', 'admin')`,
    `insert into organization_members (organization_id, actor_id, role)
     select '${organizationId}', ${uuidSql('person', 'n')}, 'member' from generate_series(0, ${open - 1}) as n`,
    `insert into projects (id, owner_id, name, identifier) values ('${projectId}', '${owner}', 'Watched', 'watched')`,
    `insert into project_members (project_id, actor_id, role_id)
     select '${projectId}', id, (select roles.id from roles where name = role)
     from (values ('${owner}'::uuid, 'owner'), ('${organizationId}', 'viewer')) as member (id, role)`,
    `insert into casbin_rules (ptype, v0, v1, v2)
     values ('g', 'user:${owner}', 'role:owner', 'project:${projectId}'),
            ('g', 'user:${organizationId}', 'role:viewer', 'project:${projectId}'),
            ('g', 'user:${admin}', 'role:admin', '*')`,
    'analyze',
  ];
  for (const statement of statements) await pool.query(statement);
}

/** A way to take a right from many, or from one, and to give it back. */
interface Case {
  name: string;
  /** Subscriptions that it ends. */
  ends: number;
  rounds: number;
  revoke: (round: number) => Promise<unknown>;
  restore: (round: number) => Promise<unknown>;
}

/** Milliseconds from sending the revoking call. */
export interface Revocation {
  name: string;
  /** To the end frame of a subscription. */
  p50: number;
  p99: number;
  /** To the last one. */
  max: number;
  /** To the answer of the call. */
  answered: number;
}

/**
 * How long subscriptions of the watched project go on after a right was taken away: a server in a process of its own, a thousand
 * sockets to it from here, and the time from sending the call to each end frame.
 */
export async function measureRevocations(
  { pool }: Place,
  options: { rounds: number; dataDir: string },
): Promise<Revocation[]> {
  const { rounds, dataDir } = options;
  const { host, port, user, database } = pool.options;
  await using server = await startPeer('tessera', {
    connection: { host, port, user, database },
    dataDir,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const asOwner = createTesseraClient({ url, token: 'owner' });
  const asAdmin = createTesseraClient({ url, token: 'admin' });
  const crowd = { projectId, actorId: organizationId };
  const rule = {
    kind: 'permission',
    role: 'guest',
    object: 'projects',
    action: 'watch',
    effect: 'allow',
  } as const;
  const changePolicy = async (op: 'add' | 'remove') => {
    const { items } = await asAdmin.policies.history.query({ limit: 1 });
    return () =>
      asAdmin.policies.apply.mutate({
        baseEpoch: items[0]?.epoch ?? 0,
        changes: [{ op, rule }],
        reason: 'bench',
      });
  };
  let removeRule = await changePolicy('remove');
  const memberOf = (round: number) => ({ organizationId, actorId: personId(round) });
  const cases: Case[] = [
    {
      name: 'organization_removed',
      ends: open,
      rounds,
      revoke: () => asOwner.members.remove.mutate(crowd),
      restore: () => asOwner.members.add.mutate({ ...crowd, role: 'viewer' }),
    },
    {
      name: 'policy_changed',
      ends: open,
      rounds,
      revoke: () => removeRule(),
      restore: async () => {
        await (
          await changePolicy('add')
        )();
        removeRule = await changePolicy('remove');
      },
    },
    {
      name: 'project_deleted',
      ends: open,
      rounds,
      revoke: () => asOwner.projects.delete.mutate({ projectId }),
      restore: () => asOwner.projects.restore.mutate({ projectId }),
    },
    {
      name: 'one_of_the_organization',
      ends: 1,
      rounds: 20,
      revoke: () => asAdmin.organizations.removeMember.mutate(memberOf(0)),
      restore: () => asAdmin.organizations.addMember.mutate(memberOf(0)),
    },
  ];
  const watchers = new Watchers();
  const results: Revocation[] = [];
  try {
    await watchers.open(
      server.port,
      Array.from({ length: open }, (_, number) => tokenOf(number)),
    );
    for (const { name, ends, rounds: times, revoke, restore } of cases) {
      const taken: { ends: number[]; answered: number }[] = [];
      for (let round = 0; round <= times; round += 1) {
        const timed = await watchers.timeRevocation('projects.watch', { projectId }, ends, () =>
          revoke(round),
        );
        // The first round warms up.
        if (round > 0) taken.push(timed);
        await restore(round);
      }
      const all = taken.flatMap((each) => each.ends);
      results.push({
        name,
        p50: percentile(all, 0.5),
        p99: percentile(all, 0.99),
        max: Math.max(...all),
        answered: percentile(
          taken.map(({ answered }) => answered),
          0.5,
        ),
      });
    }
  } finally {
    watchers.close();
    await Promise.all([asOwner.close(), asAdmin.close()]);
  }
  return results;
}
