/** The log itself: what is committed stands in it once, numbered without gaps, and nothing else does. */
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { beforeCommit, systemCause, transact } from '../../src/database/transaction.ts';
import { type Stream, emit } from '../../src/events/emit.ts';
import { announceTo } from '../../src/events/record.ts';
import { readEvents } from '../../src/events/sql/readEvents.ts';
import { inventComment, numbers } from '../realtime/world.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

let file: TestDatabase;
let database: Database;
/** What was announced after commits. */
const hints: [Stream, number][] = [];

beforeAll(async () => {
  file = await createDatabase(inject('cluster'));
  database = await openDatabase(file.connection, { poolSize: 12, onPoolError: () => {} });
  announceTo(database.orm, (stream, seq) => hints.push([stream, seq]));
});
afterAll(async () => {
  await database.close();
  await file.drop();
});

const makeStream = (): Stream => `project:${randomUUID()}`;

function say(em: EntityManager, stream: Stream, body: string): void {
  emit(em, stream, 'comment.added', () => inventComment(randomUUID(), body));
}

/** Runs a hook after the one that numbers the events: nothing comes between it and the commit. */
function atTheEnd(em: EntityManager, hook: () => Promise<unknown>): void {
  beforeCommit(em, async () =>
    beforeCommit(em, async () => beforeCommit(em, async () => void (await hook()))),
  );
}

async function readAll(stream: Stream): Promise<{ seq: number; body: string }[]> {
  const { events } = await readEvents(database.reads, stream, 0, 1000);
  return events.map(({ seq, payload }) => ({ seq, body: (payload as { body: string }).body }));
}

test('transactions that fail leave neither events nor holes, whenever they fail', async () => {
  const stream = makeStream();
  const failing = [
    async () => {
      throw new Error('at once');
    },
    async (em: EntityManager) =>
      atTheEnd(em, () => {
        throw new Error('late');
      }),
    async (em: EntityManager) =>
      atTheEnd(em, () => em.execute('select pg_terminate_backend(pg_backend_pid())')),
  ];
  let failures = 0;
  await Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      for (let n = 0; n < 8; n += 1) {
        await transact(database.orm, systemCause, async (em) => say(em, stream, `${writer}.${n}`));
        await transact(database.orm, systemCause, async (em) => {
          say(em, stream, 'never');
          await failing[n % failing.length]?.(em);
        }).catch(() => (failures += 1));
      }
    }),
  );
  expect(failures).toBe(48);
  const events = await readAll(stream);
  expect(events.map(({ seq }) => seq)).toEqual(numbers(1, 48));
  const expected = Array.from({ length: 48 }, (_, index) => `${Math.floor(index / 8)}.${index % 8}`);
  expect(events.map(({ body }) => body).toSorted()).toEqual(expected);
  const told = hints.filter(([of]) => of === stream).map(([, seq]) => seq);
  expect(told.toSorted((a, b) => a - b)).toEqual(numbers(1, 48));
});

test('whoever reads on from a cursor while many write misses nothing: what is seen has nothing unseen before it', async () => {
  const stream = makeStream();
  const total = 160;
  const writing = Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let n = 0; n < total / 8; n += 1)
        await transact(database.orm, systemCause, async (em) => say(em, stream, 'x'));
    }),
  );
  const seen: number[] = [];
  while (seen.length < total) {
    const { head, events } = await readEvents(database.reads, stream, seen.at(-1) ?? 0, 500);
    seen.push(...events.map(({ seq }) => seq));
    expect(seen.at(-1) ?? 0).toBe(head);
  }
  await writing;
  expect(seen).toEqual(numbers(1, total));
});

test('transactions that write to the same streams in opposite order all succeed, each stream being numbered by itself', async () => {
  const streams = [makeStream(), makeStream(), makeStream()];
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      transact(database.orm, systemCause, async (em) => {
        const order = n % 2 === 0 ? streams : streams.toReversed();
        for (const stream of order) {
          say(em, stream, `first ${n}`);
          say(em, stream, `second ${n}`);
        }
      }),
    ),
  );
  for (const stream of streams) {
    const events = await readAll(stream);
    expect(events.map(({ seq }) => seq)).toEqual(numbers(1, 20));
    // Those of one transaction stand together, in the order in which they were emitted.
    for (let at = 0; at < 20; at += 2)
      expect(events[at]?.body.replace('first', 'second')).toBe(events[at + 1]?.body);
    expect(hints).toContainEqual([stream, 20]);
  }
});

test('an event says who caused it and by which call, and is built when what it tells of has been written', async () => {
  const stream = makeStream();
  const actorId = randomUUID();
  const order: string[] = [];
  await transact(database.orm, { actorId, via: 'session', mutationId: 'mine' }, async (em) => {
    emit(em, stream, 'comment.added', () => {
      order.push('built');
      return inventComment(randomUUID(), 'x');
    });
    beforeCommit(em, async () => void order.push('flushed'));
    order.push('worked');
  });
  expect(order).toEqual(['worked', 'flushed', 'built']);
  const { epoch, head, events } = await readEvents(database.reads, stream, 0, 10);
  expect({ epoch, head }).toEqual({ epoch: 1, head: 1 });
  expect(events).toMatchObject([
    { seq: 1, type: 'comment.added', actorId, mutationId: 'mine', createdAt: expect.any(Date) },
  ]);
});
