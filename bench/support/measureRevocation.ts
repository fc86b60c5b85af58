import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { WebSocket } from 'ws';
import { hashToken } from '../../src/domain/identity/secrets.ts';

/** The world of one measurement: a project, and one of its watchers. */
interface Target {
  projectId: string;
  actorId: string;
}

/**
 * What takes the right away: a policy edit, the project made private before its guests, all members removed in
 * one statement; and, of one of all watchers, an account suspended or a session ended.
 */
const revocations = {
  policy: () => ({
    text: `delete from casbin_rules where ptype = 'p' and v1 = 'projects' and v2 = 'watch'`,
    values: [],
  }),
  private: ({ projectId }: Target) => ({
    text: `update projects set visibility = 'private' where id = $1`,
    values: [projectId],
  }),
  removed: ({ projectId }: Target) => ({
    text: `delete from casbin_rules where ptype = 'g' and v2 = 'project:' || $1::uuid`,
    values: [projectId],
  }),
  suspended: ({ actorId }: Target) => ({
    text: `update actors set suspended_at = now() where id = $1`,
    values: [actorId],
  }),
  session: ({ actorId }: Target) => ({
    text: `update sessions set revoked_at = now() where user_id = $1`,
    values: [actorId],
  }),
};

export type Revocation = keyof typeof revocations;
export const revocationKinds = Object.keys(revocations) as Revocation[];

const concernsOne: ReadonlySet<Revocation> = new Set(['suspended', 'session']);

/** A person's socket with one subscription on it. */
interface Watcher {
  actorId: string;
  ended: Promise<number>;
  close(): void;
}

/** Opens `projects.watch` for who holds the token; resolves when its snapshot is there. */
async function openWatcher(
  port: number,
  { actorId, token, projectId }: { actorId: string; token: string; projectId: string },
): Promise<Watcher> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/trpc?connectionParams=1`);
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<number>();
  ws.on('error', begun.reject);
  ws.on('open', () => {
    ws.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
    const params = { path: 'projects.watch', input: { json: { projectId } } };
    ws.send(JSON.stringify({ id: 1, method: 'subscription', params }));
  });
  ws.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.startsWith('{"id":1,"error"')) {
      ended.resolve(performance.now());
      begun.reject(new Error(text));
    } else if (text.includes('"snapshot"')) begun.resolve();
  });
  await begun.promise;
  return { actorId, ended: ended.promise, close: () => ws.terminate() };
}

/** Makes a public project and people who can watch it: as its guests, or as viewers of a private one. */
async function makeWatchers(
  pool: pg.Pool,
  count: number,
  isPublic: boolean,
): Promise<{ projectId: string; people: { actorId: string; token: string }[] }> {
  const projectId = randomUUID();
  const people = Array.from({ length: count }, () => ({ actorId: randomUUID(), token: randomUUID() }));
  const ids = people.map(({ actorId }) => actorId);
  await pool.query(
    `insert into actors (id, actor_type, name, username, email, password_hash)
     select id, 'person', 'Watcher', 'watcher-' || id, id || '@example.org', '-' from unnest($1::uuid[]) as id`,
    [ids],
  );
  await pool.query(
    `insert into sessions (id, user_id, token_hash, expires_at)
     select gen_random_uuid(), user_id, token_hash, now() + interval '1 day'
     from unnest($1::uuid[], $2::bytea[]) as session (user_id, token_hash)`,
    [ids, people.map(({ token }) => hashToken(token))],
  );
  await pool.query(
    `insert into projects (id, owner_id, name, identifier, visibility)
     values ($1, $2, 'Watched', 'watched-' || $1::uuid, $3)`,
    [projectId, ids[0], isPublic ? 'public' : 'private'],
  );
  if (!isPublic) {
    await pool.query(
      `insert into casbin_rules (ptype, v0, v1, v2)
       select 'g', 'user:' || id, 'role:viewer', 'project:' || $2::uuid from unnest($1::uuid[]) as id`,
      [ids, projectId],
    );
  }
  return { projectId, people };
}

/**
 * Opens `count` subscriptions, each of a person and on a socket of its own, takes the right away by a statement
 * at the database, and waits for the ends. The policy is put back afterwards.
 * @param options.port of a running server on the same database, with the default policy.
 * @returns milliseconds from the commit to each end; measured when the statement's answer is here, so an end
 *   that was quicker than the answer is 0.
 */
export async function measureRevocation(options: {
  pool: pg.Pool;
  port: number;
  count: number;
  by: Revocation;
}): Promise<number[]> {
  const { pool, port, count, by } = options;
  const { projectId, people } = await makeWatchers(pool, count, by === 'private' || by === 'policy');
  const watchers: Watcher[] = [];
  try {
    // Fifty at a time: it is not the opening that is measured.
    for (let from = 0; from < people.length; from += 50) {
      const some = people.slice(from, from + 50);
      watchers.push(...(await Promise.all(some.map((one) => openWatcher(port, { ...one, projectId })))));
    }
    const { rows } = await pool.query(`select ptype, v0, v1, v2, v3 from casbin_rules where ptype = 'p'`);
    const one = watchers[count >> 1];
    if (!one) return [];
    const concerned = concernsOne.has(by) ? [one] : watchers;
    const { text, values } = revocations[by]({ projectId, actorId: one.actorId });
    await pool.query(text, values);
    const committedAt = performance.now();
    const ends = await Promise.all(concerned.map(({ ended }) => ended));
    if (by === 'policy') {
      await pool.query(
        `insert into casbin_rules (ptype, v0, v1, v2, v3)
         select ptype, v0, v1, v2, v3 from jsonb_to_recordset($1::jsonb)
           as rule (ptype text, v0 text, v1 text, v2 text, v3 text)
         on conflict do nothing`,
        [JSON.stringify(rows)],
      );
    }
    return ends.map((at) => Math.max(0, at - committedAt));
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
