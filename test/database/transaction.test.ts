import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Role } from '../../src/entities/identity/Role.ts';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { afterCommit, beforeCommit, systemCause, transact } from '../../src/database/transaction.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

let file: TestDatabase;
let database: Database;

beforeAll(async () => {
  file = await createDatabase(inject('cluster'));
  database = await openDatabase(file.connection, { poolSize: 8, onPoolError: () => {} });
});
afterAll(async () => {
  await database.close();
  await file.drop();
});

const newRole = (name: string) => ({ name, scope: 'project' as const, description: '', isBuiltin: false });
const names = async () =>
  (await database.reads.query<{ name: string }>('select name from roles')).rows.map((row) => row.name);

describe('transact', () => {
  test('commits the work and its audit together', async () => {
    await transact(database.orm, systemCause, async (em) => em.create(Role, newRole('committed')));
    expect(await names()).toContain('committed');
    const { rows } = await database.reads.query(
      `select action from audit_logs where entity_type = 'roles' and changes #>> '{name,new}' = 'committed'`,
    );
    expect(rows).toEqual([{ action: 'create' }]);
  });

  test('rolls back everything when the work, or a late hook, throws', async () => {
    const audits = async () =>
      (await database.reads.query<{ n: number }>('select count(*)::int as n from audit_logs')).rows[0]?.n;
    const before = await audits();
    await expect(
      transact(database.orm, systemCause, async (em) => {
        em.create(Role, newRole('rolled back'));
        beforeCommit(em, () => Promise.reject(new Error('too late')));
      }),
    ).rejects.toThrow('too late');
    expect(await names()).not.toContain('rolled back');
    expect(await audits()).toBe(before);
  });

  test('tells nobody before the commit, and nobody at all after a rollback', async () => {
    const told: string[] = [];
    await transact(database.orm, systemCause, async (em) => {
      afterCommit(em, () => told.push('committed'));
      expect(told).toEqual([]);
    });
    await transact(database.orm, systemCause, async (em) => {
      afterCommit(em, () => told.push('never'));
      throw new Error('no');
    }).catch(() => {});
    expect(told).toEqual(['committed']);
  });

  test('tries again after a deadlock, so that both of two crossing transactions succeed', async () => {
    await transact(database.orm, systemCause, async (em) => {
      em.create(Role, newRole('left'));
      em.create(Role, newRole('right'));
    });
    let attempts = 0;
    const barrier = Promise.withResolvers<void>();
    const cross = (first: string, second: string) =>
      transact(database.orm, systemCause, async (em) => {
        attempts += 1;
        await em.execute(`update roles set description = 'x' where name = ?`, [first]);
        if (attempts === 2) barrier.resolve();
        await barrier.promise;
        await em.execute(`update roles set description = 'x' where name = ?`, [second]);
      });
    await Promise.all([cross('left', 'right'), cross('right', 'left')]);
    expect(attempts).toBe(3);
  });
});

describe('the database', () => {
  test.each([
    ['a comma', ['p', 'role:a,b', 'x', 'y', 'allow']],
    ['a newline', ['p', 'role:a\nb', 'x', 'y', 'allow']],
    ['a quote', ['p', 'role:a', 'x"', 'y', 'allow']],
    ['a parenthesis', ['p', 'role:a', 'x(', 'y', 'allow']],
    ['a pattern', ['p', 'role:a', 'like:x', 'y', 'allow']],
    ['an empty value', ['p', 'role:a', '', 'y', 'allow']],
    ['a look-alike letter', ['p', 'role:аdmin', 'x', 'y', 'allow']],
    ['a user as the subject of a permission', ['p', 'user:1', 'x', 'y', 'allow']],
    ['a role given in no domain', ['g', 'user:1', 'role:a', null, null]],
    ['a permission without effect', ['p', 'role:a', 'x', 'y', null]],
    ['an unknown effect', ['p', 'role:a', 'x', 'y', 'maybe']],
  ])('refuses %s in the policy', async (_what, values) => {
    const insert = database.reads.query(
      'insert into casbin_rules (ptype, v0, v1, v2, v3) values ($1, $2, $3, $4, $5)',
      values,
    );
    await expect(insert).rejects.toThrow(/violates check constraint "casbin_rules/);
  });

  test.each([
    ['update', `update audit_logs set action = 'x'`],
    ['delete', 'delete from audit_logs'],
    ['truncate', 'truncate audit_logs'],
    ['update', `update casbin_rules set v0 = 'role:x'`],
    ['truncate', 'truncate casbin_rules'],
  ])('refuses to %s: %s', async (_what, sql) => {
    await expect(database.reads.query(sql)).rejects.toThrow('is refused');
  });

  test('moves the policy epoch for rules of roles, and the access epoch for rules of people', async () => {
    const epochs = async () => {
      const { rows } = await database.reads.query<{ name: string; epoch: string }>(
        'select name, epoch from authz_epochs',
      );
      return Object.fromEntries(rows.map((row) => [row.name, Number(row.epoch)])) as {
        policy: number;
        access: number;
      };
    };
    const before = await epochs();
    await database.reads.query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:x', 'a', 'b', 'allow')`,
    );
    const afterRule = await epochs();
    expect(afterRule).toEqual({ policy: before.policy + 1, access: before.access });
    await database.reads.query(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', 'user:1', 'role:x', '*')`,
    );
    expect(await epochs()).toEqual({ policy: afterRule.policy, access: before.access + 1 });
  });
});
