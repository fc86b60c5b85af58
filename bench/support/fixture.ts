import { v7 as uuidv7 } from 'uuid';
import type pg from 'pg';
import { hashToken, makeSessionToken } from '../../src/domain/identity/secrets.ts';

export interface Fixture {
  /** Session tokens of the people, one each. */
  tokens: string[];
  projectId: string;
  threadId: string;
}

const body =
  'A comment of ordinary length, as people write them when they discuss a line of code: it names the thing, '.repeat(
    2,
  );

/** People with sessions, a project that they are all editors of, and a thread with `comments` comments. */
export async function makeFixture(
  pool: pg.Pool,
  size: { people: number; comments: number },
): Promise<Fixture> {
  const people = Array.from({ length: size.people }, () => uuidv7());
  const tokens = people.map(() => makeSessionToken());
  const projectId = uuidv7();
  const threadId = uuidv7();
  const role = (await pool.query<{ id: string }>(`select id from roles where name = 'editor'`)).rows[0]?.id;
  for (const [index, id] of people.entries()) {
    await pool.query(
      `insert into actors (id, actor_type, name, username, email, password_hash) values ($1, 'person', $2, $3, $4, 'none')`,
      [id, `Person ${index}`, `person${index}`, `person${index}@example.org`],
    );
    await pool.query(
      `insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
      [uuidv7(), id, hashToken(tokens[index] ?? '')],
    );
  }
  await pool.query(
    `insert into projects (id, owner_id, name, identifier) values ($1, $2, 'Bench', 'bench')`,
    [projectId, people[0]],
  );
  for (const id of people) {
    await pool.query(`insert into project_members (project_id, actor_id, role_id) values ($1, $2, $3)`, [
      projectId,
      id,
      role,
    ]);
    await pool.query(`insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:editor', $2)`, [
      `user:${id}`,
      `project:${projectId}`,
    ]);
  }
  await pool.query(
    `insert into comment_threads (id, project_id, author_id, subject_type, subject_id) values ($1, $2, $3, 'project', $2)`,
    [threadId, projectId, people[0]],
  );
  for (let index = 0; index < size.comments; index += 1) {
    await pool.query(
      `insert into comments (id, thread_id, author_id, body, created_at) values ($1, $2, $3, $4, now() - interval '1 day' + make_interval(secs => $5))`,
      [uuidv7(), threadId, people[index % people.length], body, index],
    );
  }
  await pool.query('analyze');
  return { tokens, projectId, threadId };
}
