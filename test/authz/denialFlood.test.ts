import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Denial, DenialLog } from '../../src/authz/DenialLog.ts';
import { type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface Row {
  changes: { count: { new: number } };
  request_id: string;
  created_at: Date;
}

const read = async (actorId: string): Promise<Row[]> =>
  (
    await server.tessera.services.reads.query<Row>(
      `select * from audit_logs where action = 'deny' and user_id = $1 order by created_at, id`,
      [actorId],
    )
  ).rows;

describe('a flood of refused calls', () => {
  const silent = pino({ level: 'silent' });
  const denial = (input: Partial<Denial> = {}): Denial => ({
    actorId: randomUUID(),
    permission: 'comments.add',
    projectId: null,
    reason: 'noRule',
    roles: ['role:user'],
    findRule: () => null,
    via: 'session',
    requestId: 'flood',
    ipAddress: null,
    userAgent: null,
    ...input,
  });

  /** A log with a clock of its own, and a database that can be made to fail. */
  function openLog() {
    const { reads } = server.tessera.services;
    const state = {
      now: Date.parse('2030-01-01T00:00:00Z'),
      dropped: 0,
      outage: '' as '' | 'before' | 'after',
      broken: false,
    };
    const pool = {
      async query(query: pg.QueryConfig) {
        const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        if (state.outage === 'before') throw lost;
        if (state.broken) throw Object.assign(new Error('no'), { code: '22P02' });
        const result = await reads.query(query);
        if (state.outage === 'after') throw lost;
        return result;
      },
    };
    const log = new DenialLog(pool as unknown as pg.Pool, {
      log: silent,
      drop: (calls) => {
        state.dropped += calls;
      },
      now: () => state.now,
    });
    return { log, state };
  }
  const countsOf = async (actorId: string) => (await read(actorId)).map((row) => row.changes.count.new);

  test('is one row at once, and one a minute later for all that came meanwhile', async () => {
    const { log, state } = openLog();
    const actorId = randomUUID();
    log.note(denial({ actorId, requestId: 'first' }));
    await log.flush();
    for (let calls = 0; calls < 1000; calls += 1) log.note(denial({ actorId, requestId: 'later' }));
    state.now += 59_999;
    log.note(denial({ actorId }));
    await log.flush();
    expect(await countsOf(actorId)).toEqual([1]);
    state.now += 1;
    await log.flush();
    expect(await countsOf(actorId)).toEqual([1, 1001]);
    const [first, second] = await read(actorId);
    expect([first?.request_id, second?.request_id]).toEqual(['first', 'later']);
    expect(second?.created_at.getTime()).toBe(Date.parse('2030-01-01T00:00:00Z'));
    // Silence for a minute, and nothing is kept in mind any more.
    state.now += 60_000;
    await log.flush();
    expect(log.size).toBe(0);
    await log.close();
    expect(state.dropped).toBe(0);
  });

  test('is told apart by caller, permission, project and reason', async () => {
    const { log } = openLog();
    const actorId = randomUUID();
    for (const input of [
      {},
      {},
      { permission: 'jobs.list' },
      { projectId: randomUUID() },
      { reason: 'keyScope' },
    ])
      log.note(denial({ actorId, ...input }));
    await log.close();
    expect((await countsOf(actorId)).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 2]);
  });

  const floodBy = (log: DenialLog, actorId: string, kinds: number, input: Partial<Denial> = {}) => {
    for (let index = 0; index < kinds; index += 1)
      log.note(denial({ actorId, projectId: randomUUID(), ...input }));
  };
  /** Who was refused what, where and how often, of the rows that tell of more than one kind. */
  const coarseOf = async (actorId: string) => {
    const { rows } = await server.tessera.services.reads.query<Row & { project_id: string | null }>(
      `select * from audit_logs where action = 'deny' and user_id = $1 and entity_id = '*' order by id`,
      [actorId],
    );
    return rows;
  };

  test('of one caller does not crowd out the others, and none of it goes untold', async () => {
    const { log, state } = openLog();
    const noisy = randomUUID();
    const quiet = randomUUID();
    floodBy(log, noisy, 700);
    expect(log.size).toBe(500);
    log.note(denial({ actorId: quiet }));
    await log.flush();
    expect(await countsOf(quiet)).toEqual([1]);
    const counts = await countsOf(noisy);
    expect(counts).toHaveLength(500);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(700);
    expect(state.dropped).toBe(0);
    await log.close();
  });

  test('hides nothing that its caller does behind it: the project where it was done tells of it', async () => {
    const { log, state } = openLog();
    const actorId = randomUUID();
    const projectId = randomUUID();
    for (let index = 0; index < 450; index += 1) log.note(denial({ actorId, permission: `noise.${index}` }));
    for (const permission of ['members.add', 'projects.delete'])
      log.note(denial({ actorId, permission, projectId, requestId: 'the deed' }));
    await log.flush();
    const coarse = await coarseOf(actorId);
    const told = coarse.map((row) => [row.project_id, row.changes.count.new]);
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        [null, 50],
        [projectId, 2],
      ]),
    );
    expect(coarse[0]?.changes).toMatchObject({
      reason: { new: 'further refusals' },
      roles: { new: ['user'] },
    });
    await log.close();
    expect(state.dropped).toBe(0);
  });

  test('of many callers keeps room for whoever comes later, and never takes more than there is', async () => {
    const { log, state } = openLog();
    const early = randomUUID();
    const callers = Array.from({ length: 30 }, () => randomUUID());
    log.note(denial({ actorId: early }));
    for (const actorId of callers) floodBy(log, actorId, 500);
    expect(log.size).toBeLessThan(8_500);
    // Until all room is taken, and beyond that.
    const crowd = Array.from({ length: 400 }, () => randomUUID());
    for (const actorId of crowd) {
      log.note(denial({ actorId, permission: 'projects.delete' }));
      floodBy(log, actorId, 20);
      expect(log.size).toBeLessThanOrEqual(10_000);
    }
    const late = randomUUID();
    log.note(denial({ actorId: late }));
    expect(state.dropped).toBe(0);
    await log.flush();
    for (const actorId of [early, late]) expect(await countsOf(actorId)).toEqual([1]);
    // Nobody's calls are untold, and what somebody did first is told of as it was.
    for (const [actorId, calls] of [
      [callers[0], 500],
      [crowd[0], 21],
      [crowd.at(-1), 21],
    ] as const) {
      const counts = await countsOf(actorId ?? '');
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(calls);
    }
    expect((await coarseOf(callers[0] ?? '')).length).toBeGreaterThan(0);
    await log.close();
  });

  test('during an outage lets in who comes later, and counts what is lost in the end', async () => {
    const { log, state } = openLog();
    state.outage = 'before';
    const callers = Array.from({ length: 25 }, () => randomUUID());
    for (const actorId of callers) {
      floodBy(log, actorId, 500);
      await log.flush();
    }
    const late = randomUUID();
    log.note(denial({ actorId: late }));
    expect(state.dropped).toBe(0);
    state.outage = '';
    await log.flush();
    expect(await countsOf(late)).toEqual([1]);
    const counts = await Promise.all(callers.map((actorId) => countsOf(actorId)));
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(25 * 500);
    state.outage = 'before';
    floodBy(log, late, 3);
    await log.close();
    expect(state.dropped).toBe(3);
  });

  test('during an outage is counted without growing, and told of once when the database is back', async () => {
    const { log, state } = openLog();
    const actorId = randomUUID();
    state.outage = 'before';
    for (let minute = 0; minute < 5; minute += 1) {
      for (let calls = 0; calls < 100; calls += 1) log.note(denial({ actorId }));
      await log.flush();
      state.now += 60_000;
    }
    expect(log.size).toBe(1);
    expect(await read(actorId)).toEqual([]);
    state.outage = '';
    await log.flush();
    await log.flush();
    expect((await countsOf(actorId)).reduce((sum, count) => sum + count, 0)).toBe(500);
    expect(state.dropped).toBe(0);
    await log.close();
  });

  test('is told of once, also when the answer to the write was lost', async () => {
    const { log, state } = openLog();
    const actorId = randomUUID();
    state.outage = 'after';
    log.note(denial({ actorId }));
    await log.flush();
    expect(await countsOf(actorId)).toEqual([1]);
    state.outage = '';
    await log.flush();
    await log.close();
    expect(await countsOf(actorId)).toEqual([1]);
  });

  test('that cannot be written at all is counted as dropped, and so is what a stop leaves unwritten', async () => {
    const { log, state } = openLog();
    state.broken = true;
    const actorId = randomUUID();
    log.note(denial({ actorId }));
    log.note(denial({ actorId }));
    await log.flush();
    expect(state.dropped).toBe(2);
    state.broken = false;
    state.outage = 'before';
    log.note(denial({ actorId }));
    await log.close();
    expect(state.dropped).toBe(3);
    expect(log.size).toBe(0);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^tessera_denials_dropped_total 0$/m);
    expect(metrics).toMatch(/^tessera_denials_kept \d+$/m);
  });

  test('asks for the rule once a row, not once a call', () => {
    const { log, state } = openLog();
    let asked = 0;
    const findRule = () => {
      asked += 1;
      return null;
    };
    const actorId = randomUUID();
    for (let calls = 0; calls < 50; calls += 1) log.note(denial({ actorId, findRule }));
    expect(asked).toBe(1);
    state.outage = 'before';
    return log.close();
  });
});
