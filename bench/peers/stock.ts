/** What one would write first: tRPC's standalone adapter, superjson, `em.find` with populate, and a plain `newEnforcer`. */
import type { AddressInfo } from 'node:net';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { initTRPC, TRPCError } from '@trpc/server';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
import { newEnforcer, newModelFromString } from 'casbin';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import superjson from 'superjson';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { defaultRules } from '../../src/authz/defaultPolicy.ts';
import { hashToken } from '../../src/domain/identity/secrets.ts';
import { reportPeer } from '../support/peer.ts';

interface Configuration {
  connection: { host: string; port: number; user: string; database: string };
  projectId: string;
  threadId: string;
}

const { connection } = JSON.parse(process.argv[2] ?? '{}') as Configuration;

const Actor = defineEntity({
  name: 'Actor',
  tableName: 'actors',
  properties: { id: p.uuid().primary(), username: p.string(), name: p.string(), actorType: p.string() },
});
const Session = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().primary(),
    tokenHash: p.blob(),
    user: () => p.manyToOne(Actor).joinColumn('user_id'),
    expiresAt: p.datetime(),
  },
});
const Thread = defineEntity({
  name: 'Thread',
  tableName: 'comment_threads',
  properties: { id: p.uuid().primary(), projectId: p.uuid() },
});
const Comment = defineEntity({
  name: 'Comment',
  tableName: 'comments',
  properties: {
    id: p.uuid().primary(),
    thread: () => p.manyToOne(Thread).joinColumn('thread_id'),
    author: () => p.manyToOne(Actor).joinColumn('author_id'),
    authorType: p.string(),
    body: p.text(),
    editedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    deletedAt: p.datetime().nullable(),
  },
});
const AuditLog = defineEntity({
  name: 'AuditLog',
  tableName: 'audit_logs',
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    projectId: p.uuid(),
    action: p.string(),
    entityType: p.string(),
    entityId: p.string(),
    changes: p.json(),
    via: p.string(),
  },
});

const orm = await MikroORM.init({
  entities: [Actor, Session, Thread, Comment, AuditLog],
  host: connection.host,
  port: connection.port,
  user: connection.user,
  dbName: connection.database,
  pool: { min: 0, max: 20 },
});

const enforcer = await newEnforcer(
  newModelFromString(readFileSync(new URL('../../src/authz/model.conf', import.meta.url), 'utf8')),
);
await enforcer.addNamedDomainMatchingFunc('g', (_key: string, rule: string) => rule === '*');
const rules = defaultRules();
await enforcer.addPolicies(rules.filter((rule) => rule[0] === 'p').map((rule) => rule.slice(1)));
await enforcer.addGroupingPolicies(rules.filter((rule) => rule[0] === 'g').map((rule) => rule.slice(1)));
const client = new pg.Client(connection);
await client.connect();
const memberships = await client.query<{ v0: string; v1: string; v2: string }>(
  `select v0, v1, v2 from casbin_rules where ptype = 'g' and v0 like 'user:%'`,
);
await enforcer.addGroupingPolicies(memberships.rows.map((row) => [row.v0, row.v1, row.v2]));
await client.end();

const t = initTRPC.context<{ authorization: string | undefined }>().create({ transformer: superjson });
const inProject = z.object({ projectId: z.uuid(), threadId: z.uuid() });

const guarded = (object: string, action: string) =>
  t.procedure.input(inProject).use(async ({ ctx, input, next }) => {
    const em = orm.em.fork();
    const session = await em.findOne(
      Session,
      { tokenHash: hashToken(ctx.authorization?.slice(7) ?? '') },
      { populate: ['user'] },
    );
    if (!session) throw new TRPCError({ code: 'UNAUTHORIZED' });
    if (!(await enforcer.enforce(`user:${session.user.id}`, `project:${input.projectId}`, object, action)))
      throw new TRPCError({ code: 'FORBIDDEN' });
    return next({ ctx: { em, user: session.user } });
  });

const comments = t.router({
  list: guarded('comments', 'list').query(async ({ ctx, input }) => {
    const found = await ctx.em.find(
      Comment,
      { thread: { id: input.threadId, projectId: input.projectId }, deletedAt: null },
      { populate: ['author'], orderBy: { createdAt: 'asc', id: 'asc' }, limit: 51 },
    );
    return {
      items: found.slice(0, 50).map((comment) => ({
        id: comment.id,
        threadId: input.threadId,
        author: {
          id: comment.author.id,
          username: comment.author.username,
          name: comment.author.name,
          actorType: comment.author.actorType,
        },
        authorType: comment.authorType,
        body: comment.body,
        reactions: [],
        editedAt: comment.editedAt,
        createdAt: comment.createdAt,
      })),
      nextCursor: found.length > 50,
    };
  }),
  add: guarded('comments', 'add')
    .input(z.object({ body: z.string() }))
    .mutation(({ ctx, input }) =>
      ctx.em.transactional(async (em) => {
        const thread = await em.findOneOrFail(Thread, { id: input.threadId, projectId: input.projectId });
        const comment = em.create(Comment, {
          id: uuidv7(),
          thread,
          author: em.getReference(Actor, ctx.user.id),
          authorType: 'USER',
          body: input.body,
          createdAt: new Date(),
          editedAt: null,
          deletedAt: null,
        });
        em.create(AuditLog, {
          id: uuidv7(),
          userId: ctx.user.id,
          projectId: input.projectId,
          action: 'create',
          entityType: 'comments',
          entityId: comment.id,
          changes: { body: { new: input.body } },
          via: 'session',
        });
        await em.flush();
        await em.execute(
          `with head as (insert into streams as s (stream, seq) values (?, 1) on conflict (stream) do update set seq = s.seq + 1 returning seq)
           insert into events (stream, seq, type, subject, payload, actor_id, created_at)
           select ?, seq, 'comment.added', ?, ?::jsonb, ?::uuid, clock_timestamp() from head`,
          [
            `project:${input.projectId}`,
            `project:${input.projectId}`,
            `thread:${input.threadId}`,
            JSON.stringify({ id: comment.id, body: comment.body }),
            ctx.user.id,
          ],
        );
        return { id: comment.id, threadId: input.threadId, body: comment.body, createdAt: comment.createdAt };
      }),
    ),
});

const server = createHTTPServer({
  router: t.router({ comments }),
  basePath: '/trpc/',
  createContext: ({ req }) => ({ authorization: req.headers.authorization }),
});
server.listen(0, '127.0.0.1', () => reportPeer((server.address() as AddressInfo).port));
