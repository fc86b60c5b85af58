import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { keepAuditOrder } from '../../src/database/keepAuditOrder.ts';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { eraseFromAudit } from '../../src/domain/audit/eraseFromAudit.ts';
import { sealAudit } from '../../src/domain/audit/sealAudit.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { waitFor } from '../support/waitFor.ts';

let server: TestServer;
let owner: Person;
let projectId: string;

beforeAll(async () => {
  // Without a worker: what is sealed when, the tests say.
  server = await startServer({ services: new Set(['api', 'realtime']) });
  owner = await server.person('Owner');
});
afterAll(() => server.close());

const sql = <Row extends object>(text: string, values: unknown[] = []) =>
  server.tessera.services.reads.query<Row>(text, values);

/** Waits until all that is in the log can be sealed: transactions of other databases of the cluster hold it back. */
async function waitForHorizon(): Promise<void> {
  await waitFor(async () => {
    const { rows } = await sql('select from audit_logs where transaction_number >= audit_horizon()');
    expect(rows).toHaveLength(0);
  });
}

/** Seals everything, in one pass. */
async function sealAll(): Promise<void> {
  await waitForHorizon();
  await sealAudit(server.tessera.services.orm);
}

/** Does as somebody with every right on the server would, past the triggers. */
async function tamper(text: string, values: unknown[] = []): Promise<number> {
  const client = await server.tessera.services.reads.connect();
  try {
    await client.query(`set session_replication_role = 'replica'`);
    return (await client.query(text, values)).rowCount ?? 0;
  } finally {
    await client.query('reset session_replication_role');
    client.release();
  }
}

const verify = () => owner.client.audit.verify.query({ projectId });
const rename = (name: string) =>
  owner.client.projects.get
    .query({ projectId })
    .then(({ version }) => owner.client.projects.update.mutate({ projectId, version, name }));

beforeEach(async () => {
  projectId = (await owner.client.projects.create.mutate({ name: 'Sealed' })).id;
  await rename('Sealed once');
  await sealAll();
  await rename('Sealed twice');
  await sealAll();
});

describe('the chain of a project', () => {
  test('holds while nobody touches it, and goes on with what comes', async () => {
    const before = await verify();
    expect(before).toMatchObject({ ok: true, seals: 2, unsealed: 0, firstBroken: null });
    expect(before.rows).toBeGreaterThanOrEqual(3);
    await rename('Open');
    expect(await verify()).toMatchObject({ ok: true, seals: 2, unsealed: 1, head: before.head });
    await sealAll();
    expect(await verify()).toMatchObject({ ok: true, seals: 3, rows: before.rows + 1, unsealed: 0 });
  });

  test.each([
    [
      'a row that was changed',
      `update audit_logs set changes = jsonb_set(changes, '{name,new}', '"Never"') where project_id = $1 and action = 'update' and changes #>> '{name,new}' = 'Sealed once'`,
      { number: 1, reason: 'changed' },
    ],
    [
      'another person named in its place',
      `update audit_logs set user_id = gen_random_uuid() where project_id = $1 and changes #>> '{name,new}' = 'Sealed twice'`,
      { number: 2, reason: 'changed' },
    ],
    [
      'a row dated back',
      `update audit_logs set created_at = created_at - interval '1 ms' where project_id = $1 and changes #>> '{name,new}' = 'Sealed twice'`,
      { number: 2, reason: 'changed' },
    ],
    [
      'another address',
      `update audit_logs set ip_address = '192.0.2.7' where project_id = $1 and changes #>> '{name,new}' = 'Sealed twice'`,
      { number: 2, reason: 'changed' },
    ],
    [
      'a row that was removed',
      `delete from audit_logs where project_id = $1 and changes #>> '{name,new}' = 'Sealed twice'`,
      { number: 2, reason: 'rowsRemoved' },
    ],
    [
      'a row that was put between',
      `insert into audit_logs (id, project_id, action, entity_type, entity_id, changes, via, transaction_number)
        select gen_random_uuid(), project_id, action, entity_type, entity_id, changes, via, transaction_number
        from audit_logs where project_id = $1 and changes #>> '{name,new}' = 'Sealed once'`,
      { number: 1, reason: 'rowsAdded' },
    ],
    [
      'a seal that was removed',
      `delete from audit_seals where project_id = $1 and number = 1`,
      { number: 1, reason: 'sealMissing' },
    ],
    [
      'a last seal that was removed',
      `delete from audit_seals where project_id = $1 and number = 2`,
      { number: 2, reason: 'sealMissing' },
    ],
    [
      'a seal that was changed',
      `update audit_seals set hash = sha256('x') where project_id = $1 and number = 1`,
      { number: 1, reason: 'changed' },
    ],
  ])('shows %s', async (_what, text, found) => {
    expect((await verify()).ok).toBe(true);
    expect(await tamper(text, [projectId])).toBeGreaterThan(0);
    expect(await verify()).toMatchObject({ ok: false, firstBroken: found });
  });

  test('is whole for the system only while the projects’ last seals are', async () => {
    const admin = await server.admin();
    await tamper(`delete from audit_seals`);
    await tamper(`delete from audit_salts`);
    await sealAll();
    expect((await admin.client.audit.verifySystem.query()).ok).toBe(true);
    await tamper(`delete from audit_seals where project_id = $1`, [projectId]);
    await tamper(`delete from audit_logs where project_id = $1`, [projectId]);
    expect((await verify()).ok).toBe(true);
    expect(await admin.client.audit.verifySystem.query()).toMatchObject({
      ok: false,
      firstBroken: { reason: 'changed' },
    });
    await tamper(`delete from audit_seals`);
  });

  test('leaves out what a transaction has written that is not over', async () => {
    const client = await server.tessera.services.reads.connect();
    try {
      await client.query('begin');
      await client.query(
        `insert into audit_logs (id, project_id, action, entity_type, entity_id, changes, via)
        values (gen_random_uuid(), $1, 'late', 'projects', 'x', '{}', 'system')`,
        [projectId],
      );
      await rename('Later');
      await sealAudit(server.tessera.services.orm);
      expect(await verify()).toMatchObject({ ok: true, seals: 2, unsealed: 1 });
      await client.query('commit');
    } finally {
      client.release();
    }
    await sealAll();
    const after = await verify();
    expect(after).toMatchObject({ ok: true, seals: 3, unsealed: 0 });
  });

  test('is sealed once, by however many at a time', async () => {
    await rename('Raced');
    const { orm } = server.tessera.services;
    // One that comes too early would find nothing, and turn away those who come while it looks.
    await waitForHorizon();
    await Promise.all(Array.from({ length: 4 }, () => sealAudit(orm)));
    expect(await verify()).toMatchObject({ ok: true, seals: 3, unsealed: 0 });
  });
});

describe('a person who is erased from the log', () => {
  test('has left no name, address or program in it, and every seal holds', async () => {
    const leaver = await server.person('Leaver');
    const admin = await server.admin();
    await leaver.client.actors.update.mutate({ name: 'Nomen Nescio' });
    const own = (await leaver.client.projects.create.mutate({ name: 'Kept' })).id;
    await tamper(`update audit_logs set ip_address = '192.0.2.9' where user_id = $1`, [leaver.id]);
    await sealAll();
    await leaver.client.projects.update.mutate({ projectId: own, version: 1, name: 'Unsealed yet' });
    const { orm } = server.tessera.services;
    expect(await transact(orm, systemCause, (em) => eraseFromAudit(em, leaver.id))).toBeGreaterThan(3);

    const { rows } = await sql<{ text: string }>(`select audit_logs::text as text from audit_logs`);
    const log = rows.map(({ text }) => text).join('\n');
    expect(log).toContain(leaver.id);
    for (const trace of ['Nomen Nescio', leaver.email, leaver.username, '192.0.2.9'])
      expect(log).not.toContain(trace);
    expect(await leaver.client.audit.verify.query({ projectId: own })).toMatchObject({ ok: true });
    await sealAll();
    expect(await leaver.client.audit.verify.query({ projectId: own })).toMatchObject({
      ok: true,
      unsealed: 0,
    });
    expect(await admin.client.audit.verifySystem.query()).toMatchObject({ ok: true });
    expect(await transact(orm, systemCause, (em) => eraseFromAudit(em, leaver.id))).toBe(0);
  });

  test('is the only change that the database lets through, and only for personal values', async () => {
    await expect(sql(`update audit_logs set ip_address = null`)).rejects.toThrow('is refused');
    const client = await server.tessera.services.reads.connect();
    try {
      await client.query('begin');
      await client.query(`set local tessera.erasing = 'on'`);
      await expect(client.query(`update audit_logs set action = 'x'`)).rejects.toThrow('is refused');
    } finally {
      await client.query('rollback');
      client.release();
    }
    await expect(sql('delete from audit_logs')).rejects.toThrow('is refused');
    await expect(sql('update audit_seals set number = 9')).rejects.toThrow('is refused');
  });
});

describe('an export', () => {
  test('is the whole log page by page, as CSV and as JSON', async () => {
    const { items } = await owner.client.audit.list.query({ projectId });
    const wanted = items.map(({ id }) => id).toReversed();
    for (const format of ['csv', 'json'] as const) {
      let text = '';
      let cursor: string | null = null;
      do {
        const page: { text: string; nextCursor: string | null } = await owner.client.audit.export.query({
          projectId,
          format,
          cursor,
          limit: 2,
        });
        text += page.text;
        cursor = page.nextCursor;
      } while (cursor);
      const ids =
        format === 'csv'
          ? (parse(text, { columns: true }) as { id: string }[]).map(({ id }) => id)
          : text
              .trim()
              .split('\n')
              .map((line) => (JSON.parse(line) as { id: string }).id);
      expect(ids).toEqual(wanted);
    }
  });

  test('holds what lies in the span asked for', async () => {
    const { items } = await owner.client.audit.list.query({ projectId });
    const at = items[0]?.createdAt ?? new Date();
    const until = await owner.client.audit.export.query({ projectId, toAt: at });
    const from = await owner.client.audit.export.query({ projectId, fromAt: at });
    expect(until.rows + from.rows).toBe(items.length);
    expect(until.rows).toBeGreaterThan(0);
    expect(from.rows).toBeGreaterThan(0);
  });

  test('gives a spreadsheet nothing to run', async () => {
    await tamper(
      `insert into audit_logs (id, project_id, action, entity_type, entity_id, changes, via) values (gen_random_uuid(), $1, '=1+1', '@x', E'-"a",\\nb', '{}', 'system')`,
      [projectId],
    );
    const { text } = await owner.client.audit.export.query({ projectId });
    const row = (parse(text, { columns: true }) as Record<string, string>[]).at(-1);
    expect(row).toMatchObject({ action: "'=1+1", entityType: "'@x", entityId: `'-"a",\nb` });
    await tamper(`delete from audit_logs where project_id = $1 and action = '=1+1'`, [projectId]);
  });

  test('is for managers, and of the system for administrators', async () => {
    const stranger = await server.person('Stranger');
    expect(await failureOf(stranger.client.audit.export.query({ projectId }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await failureOf(owner.client.audit.exportSystem.query())).toMatchObject({ code: 'FORBIDDEN' });
    const admin = await server.admin();
    expect((await admin.client.audit.exportSystem.query({ limit: 1 })).rows).toBe(1);
  });
});

test('counts on where a dump is loaded onto a server whose transactions begin anew', async () => {
  const { reads } = server.tessera.services;
  await keepAuditOrder(reads);
  const next = async () =>
    Number((await sql<{ next: string }>('select audit_transaction() as next')).rows[0]?.next);
  const ordinary = await next();
  const ahead = ordinary + 1_000_000;
  await tamper(
    `insert into audit_logs (id, project_id, action, entity_type, entity_id, changes, via, transaction_number) values (gen_random_uuid(), $1, 'x', 'x', 'x', '{}', 'system', $2)`,
    [projectId, ahead],
  );
  await keepAuditOrder(reads);
  expect(await next()).toBeGreaterThan(ahead);
  await rename('After the dump');
  await sealAll();
  expect(await verify()).toMatchObject({ ok: true, seals: 3, unsealed: 0 });
});
