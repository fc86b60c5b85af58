/** The published client against a real server, over real sockets. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ConnectionState,
  type TesseraClient,
  type TesseraFailure,
  type Watched,
  createTesseraClient,
  readFailure,
} from '../../client/src/index.ts';
import { type Wire, openWire } from '../../demo/cutWire.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let wire: Wire;
let owner: Person;
const clients: TesseraClient[] = [];

function connect(options: Partial<Parameters<typeof createTesseraClient>[0]>): TesseraClient {
  const client = createTesseraClient({ url: server.url, retryDelay: () => 20, ...options });
  clients.push(client);
  return client;
}

/** Resolves when `condition` holds, asked again after every change that is noted. */
class Notes<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (value: T): void => {
    this.all.push(value);
    for (const check of this.#waiting) check();
  };

  until(condition: (all: T[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition(this.all)) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}

const refusalOf = (call: Promise<unknown>): Promise<TesseraFailure | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => readFailure(error),
  );

async function projectWith(member: Person, visibility: 'public' | 'private'): Promise<string> {
  const { id } = await owner.client.projects.create.mutate({ name: `Client ${visibility}`, visibility });
  await owner.client.members.add.mutate({ projectId: id, actorId: member.id, role: 'editor' });
  return id;
}

beforeAll(async () => {
  server = await startServer();
  wire = await openWire(server.url);
  owner = await server.person('Owner');
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await wire[Symbol.asyncDispose]();
  await server.close();
});

test('a renewed token is used by the next request', async () => {
  const someone = await server.person('Renewing');
  let token: string | null = someone.token;
  const client = connect({ getToken: () => Promise.resolve(token) });
  expect((await client.auth.me.query({})).id).toBe(someone.id);
  const { email, password } = someone;
  const renewed = await client.auth.login.mutate({ email, password });
  await client.auth.logout.mutate({});
  expect((await refusalOf(client.auth.me.query({})))?.code).toBe('UNAUTHORIZED');
  ({ token } = renewed);
  expect((await client.auth.me.query({})).id).toBe(someone.id);
  token = null;
  expect((await refusalOf(client.auth.me.query({})))?.code).toBe('UNAUTHORIZED');
});

test('a broken connection is opened anew with the token of the moment, and resumes where it stopped', async () => {
  const watcher = await server.person('Watcher');
  const projectId = await projectWith(watcher, 'private');
  let { token } = watcher;
  const states = new Notes<ConnectionState>();
  const waiting = new Notes<number>();
  const events = new Notes<Watched<'projects'>>();
  const errors: unknown[] = [];
  const client = connect({
    url: wire.url,
    getToken: () => token,
    onConnection: states.add,
    onWaiting: waiting.add,
  });
  client.projects.watch.subscribe(
    { projectId },
    { onData: ({ data }) => events.add(data), onError: (error) => errors.push(error) },
  );
  await events.until((all) => all.length === 1);
  const start = events.all[0]?.seq ?? 0;
  expect(waiting.all).toEqual([1, 0]);

  const change = (number: number) =>
    owner.client.projects.update.mutate({ projectId, description: `Change ${number}` });
  await change(0);
  await events.until((all) => all.length === 2);
  wire.cut();
  await states.until((all) => all.at(-1) === 'connecting');
  for (let number = 1; number <= 12; number += 1) await change(number);
  // The token with which the lost connection was opened is worth nothing any more.
  const { email, password } = watcher;
  ({ token } = await owner.client.auth.login.mutate({ email, password }));
  await watcher.client.auth.logout.mutate({});
  wire.mend();
  await events.until((all) => all.length === 14);
  // While it could not know, it said that what is shown may be behind.
  expect(waiting.all).toEqual([1, 0, 1, 0]);
  await change(13);
  await events.until((all) => all.length === 15);

  expect(events.all.map(({ type }) => type)).toEqual([
    'snapshot',
    ...Array.from({ length: 14 }, () => 'project.updated'),
  ]);
  expect(events.all.slice(1).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 14 }, (_, index) => start + 1 + index),
  );
  expect(errors).toEqual([]);
  expect(states.all.filter((state, index) => state !== states.all[index - 1])).toEqual([
    'connecting',
    'open',
    'connecting',
    'open',
  ]);
});

test('events can be read in a loop, and the loop ends when the client is closed', async () => {
  const client = connect({ token: owner.token });
  const seen: string[] = [];
  for await (const { data } of client.notifications.watch.subscribe({})) {
    seen.push(data.type);
    await client.close();
  }
  expect(seen).toEqual(['snapshot']);
});

test.each(['public', 'private'] as const)(
  'losing the membership of a %s project ends its subscriptions with FORBIDDEN, in words',
  async (visibility) => {
    const member = await server.person('Member');
    const projectId = await projectWith(member, visibility);
    const failures = new Notes<TesseraFailure | undefined>();
    const started = Promise.withResolvers<void>();
    member.client.jobs.watch.subscribe(
      { projectId },
      { onStarted: () => started.resolve(), onError: (error) => failures.add(readFailure(error)) },
    );
    await started.promise;
    await owner.client.members.remove.mutate({ projectId, actorId: member.id });
    await failures.until((all) => all.length > 0);
    expect(failures.all).toEqual([
      {
        code: 'FORBIDDEN',
        message: expect.stringMatching(/\w/),
        remedy: expect.stringMatching(/\w/),
        fields: {},
        details: {},
      },
    ]);
  },
);

test('bad input is told field by field', async () => {
  const refusal = await refusalOf(
    owner.client.projects.create.mutate({ name: '', sourceLanguage: 'not a language' }),
  );
  expect(refusal?.code).toBe('BAD_INPUT');
  expect(Object.keys(refusal?.fields ?? {}).sort()).toEqual(['name', 'sourceLanguage']);
});

test('a server that does not answer is no failure in the terms of the server', async () => {
  const client = connect({ url: 'http://127.0.0.1:1' });
  const error = await client.auth.me.query({}).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Error);
  expect(readFailure(error)).toBeUndefined();
});

test('any number of calls may be made at once', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => owner.client.auth.me.query({})));
  expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([owner.id]));
});

test('an address without http is refused at once', () => {
  expect(() => createTesseraClient({ url: 'tessera.example.org' })).toThrow(
    'such as https://tessera.example.org',
  );
  expect(() => createTesseraClient({ url: 'ws://127.0.0.1' })).toThrow(TypeError);
});
