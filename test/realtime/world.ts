/** A gateway on a database of its own, with a small router, people and a project. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import { afterAll, inject } from 'vitest';
import type { Bus } from '../../src/bus/Bus.ts';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { transact } from '../../src/database/transaction.ts';
import { hashToken } from '../../src/domain/identity/secrets.ts';
import { emit } from '../../src/events/emit.ts';
import { announceTo } from '../../src/events/record.ts';
import type { Hub } from '../../src/realtime/Hub.ts';
import type { Realtime } from '../../src/realtime/server.ts';
import { viewJob } from '../../src/views/jobs.ts';
import type { CommentView } from '../../src/views/threads.ts';
import { createDatabase } from '../support/cluster.ts';
import { patience } from '../support/waitFor.ts';
import { type Node, type WorldOptions, startNode } from './gatewayNode.ts';
import type { testRouter } from './testRouter.ts';

type TestRouter = typeof testRouter;
export type TestClient = TRPCClient<TestRouter>;

interface Member {
  id: string;
  token: string;
}

/** A comment as its event has it, without any row. */
export function inventComment(threadId: string, body: string): CommentView {
  return {
    id: randomUUID(),
    threadId,
    author: null,
    authorType: 'USER',
    body,
    reactions: [],
    editedAt: null,
    createdAt: new Date(),
  };
}

export interface World extends AsyncDisposable {
  database: Database;
  bus: Bus;
  hub: Hub;
  realtime: Realtime;
  /** What the gateway counted: `refused overloaded` and the like; and how often it `identified` somebody. */
  counts: Record<string, number>;
  server: Server;
  port: number;
  projectId: string;
  stream: `project:${string}`;
  /** Someone new, with a role in the project or none. */
  member(role?: string): Promise<Member>;
  /** Takes the role away. */
  expel(member: Member): Promise<void>;
  /** Commits events: one comment in the given thread each. @returns the seq of the last one. */
  comment(count?: number, threadId?: string): Promise<void>;
  queueJob(): Promise<void>;
  connect(
    token: string | null,
    options?: { url?: string },
  ): { client: TestClient; close(): Promise<void>; socket: ReturnType<typeof createWSClient> };
  /** Another gateway on the same database: a second node. */
  addNode(options?: WorldOptions): Promise<Node>;
}

interface OwnDatabase {
  database: Database;
  drop: () => Promise<void>;
}

async function makeDatabase(): Promise<OwnDatabase> {
  const { connection, drop } = await createDatabase(inject('cluster'));
  const database = await openDatabase(connection, { poolSize: 10, onPoolError: () => {} });
  return {
    database,
    async drop() {
      await database.close();
      await drop();
    },
  };
}

/** Starts a world with a database of its own; `await using` ends it. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const own = await makeDatabase();
  return startWorldOn(own.database, options, () => own.drop());
}

/**
 * For a file whose tests leave nothing in the database but what belongs to their own people and project: starts
 * worlds on one that all share, which is dropped at the end. Half of what a world costs is its database.
 */
export function worldsOnOneDatabase(): typeof startWorld {
  let made: Promise<OwnDatabase> | undefined;
  afterAll(async () => (await made)?.drop());
  return async (options) => {
    const { database } = await (made ??= makeDatabase());
    return startWorldOn(database, options ?? {}, async () => {});
  };
}

async function startWorldOn(
  database: Database,
  options: WorldOptions,
  drop: () => Promise<void>,
): Promise<World> {
  const node = await startNode(database, options);
  const nodes = [node];
  announceTo(database.orm, (stream, seq) => node.bus.publishHint(stream, seq));
  const { reads } = database;
  const clients: { close(): Promise<void> }[] = [];

  const addPerson = async (): Promise<Member> => {
    const member = { id: randomUUID(), token: randomUUID() };
    const name = `p${member.id}`;
    await reads.query(
      `insert into actors (id, actor_type, name, username, email, password_hash) values ($1, 'person', $2::text, $2::text, $2::text || '@example.org', '-')`,
      [member.id, name],
    );
    await reads.query(
      `insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + '1 day')`,
      [randomUUID(), member.id, hashToken(member.token)],
    );
    return member;
  };
  const owner = await addPerson();
  const projectId = randomUUID();
  await reads.query(`insert into projects (id, owner_id, name, identifier) values ($1, $2, 'P', $3)`, [
    projectId,
    owner.id,
    `p-${projectId}`,
  ]);
  const stream = `project:${projectId}` as const;

  return {
    database,
    ...node,
    projectId,
    stream,
    async member(role) {
      const member = await addPerson();
      if (role) {
        await reads.query(`insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, $2, $3)`, [
          `user:${member.id}`,
          `role:${role}`,
          stream,
        ]);
      }
      return member;
    },
    async expel({ id }) {
      await reads.query(`delete from casbin_rules where ptype = 'g' and v0 = $1`, [`user:${id}`]);
    },
    async comment(count = 1, threadId = randomUUID()) {
      for (let n = 0; n < count; n += 1) {
        await transact(database.orm, { actorId: owner.id, via: 'system' }, async (em) => {
          const comment = inventComment(threadId, `comment ${n}`);
          emit(em, stream, 'comment.added', () => comment);
        });
      }
    },
    async queueJob() {
      await transact(database.orm, { actorId: owner.id, via: 'system' }, async (em) => {
        emit(em, stream, 'job.queued', () =>
          viewJob({
            id: randomUUID(),
            projectId,
            userId: owner.id,
            jobType: 'repositories.sync',
            status: 'queued',
            progress: 0,
            attempts: 0,
            createdAt: new Date(),
            updatedAt: new Date(),
          }),
        );
      });
    },
    connect(token, { url = `ws://127.0.0.1:${node.port}/trpc` } = {}) {
      const socket = createWSClient({
        url,
        retryDelayMs: () => 50,
        ...(token === null ? {} : { connectionParams: { token } }),
      });
      clients.push(socket);
      const client = createTRPCClient<TestRouter>({
        links: [wsLink({ client: socket, transformer: superjson })],
      });
      return { client, socket, close: () => socket.close() };
    },
    async addNode(more = {}) {
      const another = await startNode(database, more);
      nodes.push(another);
      return another;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close()));
      for (const each of nodes) await each.close();
      await drop();
    },
  };
}

/** What comes out of a subscription, in order. */
export interface Watching {
  values: { type?: string; seq?: number; [key: string]: unknown }[];
  ids: (string | undefined)[];
  seqs(): number[];
  error: { data?: { code?: string } | null; message: string } | undefined;
  isComplete: boolean;
  starts: number;
  stop(): void;
  /** Resolves once the condition holds; it is asked again after every value. */
  until(condition: (watching: Watching) => boolean): Promise<void>;
}

type Subscribe = (options: {
  onStarted: () => void;
  onData: (value: never) => void;
  onError: (error: never) => void;
  onComplete: () => void;
}) => { unsubscribe(): void };

/** Collects a subscription's values. */
export function collect(subscribe: Subscribe): Watching {
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const check of waiting) check();
  };
  const watching: Watching = {
    values: [],
    ids: [],
    seqs: () =>
      watching.values
        .filter(({ type }) => type !== 'snapshot' && type !== 'resync' && type !== 'checkpoint')
        .map(({ seq }) => seq as number),
    error: undefined,
    isComplete: false,
    starts: 0,
    stop: () => subscription.unsubscribe(),
    until: (condition) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(
            new Error(
              `This did not come: ${condition}; there are ${JSON.stringify(watching.values.slice(-5))}, error ${watching.error?.message}`,
            ),
          );
        }, patience);
        const check = () => {
          if (!condition(watching)) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
  const subscription = subscribe({
    onStarted: () => {
      watching.starts += 1;
      changed();
    },
    onData: (value: never) => {
      const envelope = value as { id?: string; data?: Watching['values'][number] };
      watching.ids.push(envelope.id);
      watching.values.push(
        (envelope.id === undefined ? envelope : envelope.data) as Watching['values'][number],
      );
      changed();
    },
    onError: (error: never) => {
      watching.error = error;
      changed();
    },
    onComplete: () => {
      watching.isComplete = true;
      changed();
    },
  });
  return watching;
}

/** Watches the world's project. */
export function watchProject(
  client: TestClient,
  projectId: string,
  input: { threadId?: string; lastEventId?: string } = {},
): Watching {
  return collect((options) => client.test.watch.subscribe({ projectId, ...input }, options as never));
}

export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Puts so many events of two kilobytes into the stream, which has none yet, and says so. */
export async function fillStream(world: World, total: number): Promise<void> {
  await world.database.reads.query(
    `with head as (insert into streams (stream, seq) values ($1, $2))
     insert into events (stream, seq, type, subject, payload, created_at)
     select $1, n, 'comment.added', 'thread:x', jsonb_build_object('body', repeat('x', 2000)), now() from generate_series(1, $2) n`,
    [world.stream, total],
  );
  world.bus.publishHint(world.stream, total);
}

/** Calls that are answered, one after the other: what could happen meanwhile has happened. */
export async function callTimes(world: World, times: number): Promise<void> {
  const { client } = world.connect((await world.member('viewer')).token);
  for (let n = 0; n < times; n += 1) await client.test.echo.query({ projectId: world.projectId });
}

/** Waits for a condition that no event tells of. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`This did not come true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
