/** The limit: node:http and prepared pg statements, with the same reads and writes and nothing else. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { readAccess } from '../../src/authz/sql/readAccess.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { reportPeer } from '../support/peer.ts';

interface Configuration {
  connection: pg.PoolConfig;
  projectId: string;
  threadId: string;
}

const { connection, projectId, threadId } = JSON.parse(process.argv[2] ?? '{}') as Configuration;
const pool = new pg.Pool({ ...connection, max: 20 });

const list = `
select c.id, c.thread_id, c.author_type, c.body, c.edited_at, c.created_at, a.id as author_id, a.username, a.name, a.actor_type,
  array(select r.emoji || '|' || r.actor_id from comment_reactions r where r.comment_id = c.id order by r.created_at, r.actor_id) as reactions
from comment_threads t
join comments c on c.thread_id = t.id and c.deleted_at is null
join actors a on a.id = c.author_id
where t.id = $1 and t.project_id = $2 and t.deleted_at is null
order by c.created_at, c.id limit 51`;
const findThread = 'select id, deleted_at from comment_threads where id = $1 and project_id = $2';
const insertComment =
  'insert into comments (id, thread_id, author_id, author_type, body, created_at) values ($1, $2, $3, $4, $5, $6)';
const insertAudit = `
insert into audit_logs (id, user_id, project_id, action, entity_type, entity_id, changes, via, request_id)
values ($1, $2, $3, 'create', 'comments', $4, $5, 'session', $6)`;
const appendEvent = `
with head as (
  insert into streams as s (stream, seq) values ($1, 1) on conflict (stream) do update set seq = s.seq + 1 returning seq
)
insert into events (stream, seq, type, subject, payload, actor_id, created_at)
select $1, seq, 'comment.added', $2, $3, $4, clock_timestamp() from head returning seq`;

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function addComment(
  actor: { id: string; username: string; name: string },
  body: string,
): Promise<object> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({ name: 'thread', text: findThread, values: [threadId, projectId] });
    const id = uuidv7();
    const createdAt = new Date();
    const view = {
      id,
      threadId,
      author: actor,
      authorType: 'USER',
      body,
      reactions: [],
      editedAt: null,
      createdAt,
    };
    await client.query({
      name: 'comment',
      text: insertComment,
      values: [id, threadId, actor.id, 'USER', body, createdAt],
    });
    const changes = JSON.stringify({
      body: { new: body },
      threadId: { new: threadId },
      authorId: { new: actor.id },
    });
    await client.query({
      name: 'audit',
      text: insertAudit,
      values: [uuidv7(), actor.id, projectId, id, changes, uuidv7()],
    });
    await client.query({
      name: 'event',
      text: appendEvent,
      values: [`project:${projectId}`, `thread:${threadId}`, JSON.stringify(view), actor.id],
    });
    await client.query('commit');
    return view;
  } finally {
    client.release();
  }
}

const server = createServer((request, response) => {
  const answer = async () => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const access = await readAccess(pool, hashTokenAsText(token), projectId, 14);
    if (!access.actor_id || !access.roles.includes('role:editor')) throw new Error('forbidden');
    if (request.method === 'GET') {
      const { rows } = await pool.query({ name: 'list', text: list, values: [threadId, projectId] });
      return JSON.stringify({ items: rows.slice(0, 50), nextCursor: rows.length > 50 });
    }
    const { body } = JSON.parse(await readBody(request)) as { body: string };
    return JSON.stringify(
      await addComment(
        { id: access.actor_id, username: access.username ?? '', name: access.name ?? '' },
        body,
      ),
    );
  };
  answer().then(
    (text) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => reportPeer((server.address() as AddressInfo).port));
