import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTRPCClient, createWSClient, httpLink, wsLink } from '@trpc/client';
import pg from 'pg';
import superjson from 'superjson';
import { expect, inject, test } from 'vitest';
import { type AppRouter, createTesseraClient, readFailure } from '../../client/src/index.ts';
import { createDatabase } from '../support/cluster.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { waitFor } from '../support/waitFor.ts';

/** Acknowledged comments in each of the three stretches: before, between and after the two stops. */
const stretch = 40;
const watchers = 5;

/** One node of several, in a process of its own. */
interface Node {
  child: ChildProcess;
  url: string;
}

/** It may take a minute to stop; one that needs it, because somebody does not leave, is too late for the test. */
async function startNode(environment: Record<string, string>): Promise<Node> {
  const child = spawn(process.execPath, ['src/main.ts', '--services=api,realtime'], {
    env: { ...childEnvironment, PORT: '0', LOG_LEVEL: 'warn', STOP_SECONDS: '60', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listens on (\S+)/.exec(line)?.[1];
    if (!url) continue;
    child.stdout.resume();
    return { child, url };
  }
  throw new Error('The node did not start.');
}

/** Sends the clients to the nodes in turn; like a proxy, it knows of a stop only by a refusal. */
class Balancer {
  nodes: Node[];
  #turn = 0;

  constructor(nodes: Node[]) {
    this.nodes = nodes;
  }

  pick(): string {
    this.#turn += 1;
    return this.nodes[this.#turn % this.nodes.length]?.url ?? '';
  }
}

function openSocket(balancer: Balancer, token: string) {
  const socket = createWSClient({
    url: () => `${balancer.pick().replace('http', 'ws')}/trpc`,
    connectionParams: { token },
    retryDelayMs: () => 50,
  });
  const client = createTRPCClient<AppRouter>({
    links: [wsLink({ client: socket, transformer: superjson })],
  });
  return { client, close: () => socket.close() };
}

/** A client over HTTP, each of whose requests goes to the next node. */
function openHttp(balancer: Balancer, token: string) {
  const client = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: 'http://nowhere/trpc',
        transformer: superjson,
        headers: { authorization: `Bearer ${token}` },
        fetch: (url, init) =>
          fetch(String(url).replace('http://nowhere', balancer.pick()), init as RequestInit),
      }),
    ],
  });
  return { client, close: async () => {} };
}

/** Stops a node as a deploy does, while clients still are sent to it. */
async function stop({ nodes }: Balancer, index: number): Promise<void> {
  const child = nodes[index]?.child ?? expect.fail('There is no such node.');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await exited)[0]).toBe(0);
}

test('nodes that are stopped under load lose no event and no acknowledged mutation', async () => {
  await using database = await createDatabase(inject('cluster'));
  const { host, port, user, database: name } = database.connection;
  const dataDir = await mkdtemp(join(tmpdir(), 'tessera-drain-'));
  const environment = {
    DATA_DIR: dataDir,
    DATABASE_URL: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`,
  };
  // The third takes part when the first is stopped.
  const started = await Promise.all([1, 2, 3].map(() => startNode(environment)));
  const balancer = new Balancer(started.slice(0, 2));
  const open: { close(): Promise<void> }[] = [];
  const pool = new pg.Pool({ ...database.connection, max: 1 });
  // The database is dropped at the end, with whatever still hangs on it.
  pool.on('error', () => {});
  try {
    const guest = createTesseraClient({ url: balancer.pick() });
    const { token } = await guest.auth.register.mutate({
      name: 'Ada',
      username: 'ada',
      email: 'ada@example.org',
      password: 'a good password',
    });
    const ada = createTesseraClient({ url: balancer.pick(), token });
    const { id: projectId } = await ada.projects.create.mutate({ name: 'Survivor' });
    const subject = { subjectType: 'project', subjectId: projectId } as const;
    const { thread } = await ada.threads.create.mutate({ projectId, ...subject, body: 'First' });
    const threadId = thread.id;

    const seen = Array.from({ length: watchers }, () => ({
      seqs: [] as number[],
      kinds: new Set<string>(),
      comments: [] as string[],
      errors: [] as unknown[],
    }));
    for (const each of seen) {
      const socket = openSocket(balancer, token);
      open.push(socket);
      socket.client.projects.watch.subscribe(
        { projectId },
        {
          onData: ({ data }) => {
            each.seqs.push(data.seq);
            each.kinds.add(data.type);
            if (data.type === 'comment.added') each.comments.push(data.payload.id);
          },
          onError: (error) => each.errors.push(error),
        },
      );
    }
    await waitFor(() => expect(seen.every(({ seqs }) => seqs.length === 1)).toBe(true));

    const acknowledged: string[] = [];
    const over = new AbortController();
    const write = async ({ client }: ReturnType<typeof openHttp>, writer: number) => {
      for (let n = 0; !over.signal.aborted; n += 1) {
        const mutationId = `${writer}.${n}`;
        for (let id: string | undefined; id === undefined;) {
          // Not answered, or put off: the same once more, to whichever node is next.
          const input = { projectId, threadId, body: `Comment ${mutationId}`, mutationId };
          id = await client.comments.add.mutate(input).then(
            (comment) => comment.id,
            (error: unknown) => {
              const code = readFailure(error)?.code ?? 'UNAVAILABLE';
              if (code !== 'UNAVAILABLE') throw error;
              return undefined;
            },
          );
          if (id) acknowledged.push(id);
        }
      }
    };
    const writers = [openHttp, openHttp, openSocket, openSocket].map((connect) => connect(balancer, token));
    open.push(...writers);
    const writing = Promise.all(writers.map(write));
    const written = (count: number) =>
      Promise.race([writing, waitFor(() => expect(acknowledged.length).toBeGreaterThanOrEqual(count))]);

    await written(stretch);
    await stop(balancer, 0);
    balancer.nodes = started.slice(1);
    await written(acknowledged.length + stretch);
    await stop(balancer, 0);
    balancer.nodes = started.slice(2);
    await written(acknowledged.length + stretch);
    over.abort();
    await writing;

    const { rows } = await pool.query<{ id: string }>(
      `select id from comments where thread_id = $1 and body like 'Comment %'`,
      [threadId],
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual(acknowledged.toSorted());
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    const { rows: heads } = await pool.query<{ seq: string }>('select seq from streams where stream = $1', [
      `project:${projectId}`,
    ]);
    const head = Number(heads[0]?.seq);
    await waitFor(() => expect(seen.map(({ seqs }) => seqs.at(-1))).toEqual(seen.map(() => head)));
    for (const { seqs, kinds, comments, errors } of seen) {
      const first = seqs[0] ?? 0;
      expect(seqs).toEqual(Array.from({ length: head - first + 1 }, (_, index) => first + index));
      expect(kinds).toEqual(new Set(['snapshot', 'comment.added']));
      expect(comments.toSorted()).toEqual(acknowledged.toSorted());
      expect(errors).toEqual([]);
    }
  } finally {
    await Promise.all(open.map((client) => client.close()));
    for (const { child } of started) child.kill('SIGKILL');
    await pool.end();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});
