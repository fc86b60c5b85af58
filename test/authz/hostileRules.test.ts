import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyRule } from '../../src/authz/PolicyRule.ts';
import { loadSnapshot } from '../../src/authz/loadSnapshot.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;
let member: Person;
let projectId: string;
/** A connection that outlives statements that fail; a pool closes those, and opening them is what would cost. */
let sql: pg.Client;
beforeAll(async () => {
  server = await startServer();
  sql = new pg.Client(server.database.connection);
  await sql.connect();
  admin = await server.admin();
  member = await server.person();
  projectId = (await admin.client.projects.create.mutate({ name: 'Target' })).id;
});
afterAll(async () => {
  await sql.end();
  await server.close();
});

/** Values that would break a line of the adapter, be a pattern to it, or pass for something they are not. */
const hostile: Record<string, string> = {
  'a comma': 'viewer,admin',
  'a double quote': 'view"er',
  'a single quote': "view'er",
  'a parenthesis': 'viewer)',
  'an open parenthesis': '(viewer',
  'a newline': 'view\ner',
  'a carriage return': 'view\rer',
  'a tab': 'view\ter',
  'a space': 'view er',
  'a backslash': 'view\\er',
  'a percent sign': 'view%',
  'like:': 'like:view_r',
  'regex:': 'regex:view.*',
  nothing: '',
  '10 kB': 'v'.repeat(10_240),
  'a Cyrillic look-alike': 'viеwer',
  'a full-width letter': 'ｖiewer',
  'a dotless letter': 'vıewer',
  'a letter with an accent': 'viéwer',
  'a combining accent': 'vie\u0301wer',
  'a zero-width space': 'view\u200Ber',
  'a no-break space': 'view\u00A0er',
  'a change of direction': 'view\u202Eer',
  'half of a surrogate pair': 'view\uD800er',
  NUL: 'view\0er',
};
const cases = Object.entries(hostile);

/** A digest of all that a rule could change, the rules of people included. */
async function readAll(): Promise<unknown> {
  const { rows } = await server.tessera.services.reads.query(
    `select (select md5(string_agg(r::text, '' order by id)) from casbin_rules r) as rules,
       (select md5(string_agg(e::text, '' order by name)) from authz_epochs e) as epochs,
       (select md5(string_agg(v::text, '' order by epoch)) from authz_versions v) as versions,
       (select md5(string_agg(r::text, '' order by id)) from roles r) as roles,
       (select md5(string_agg(m::text, '' order by actor_id)) from project_members m) as members`,
  );
  return rows[0];
}

/** The codes that attempts are refused with, each once; nothing changes by them, and the policy still loads. */
async function codesOf(attempts: (() => Promise<unknown>)[]): Promise<string[]> {
  const before = await readAll();
  const failures = await Promise.all(attempts.map((attempt) => failureOf(attempt())));
  for (const { code, fields, message } of failures) {
    if (code === 'BAD_INPUT') expect(Object.values(fields)[0]).toMatch(/\S/);
    expect(message.length).toBeLessThan(600);
  }
  expect(await readAll()).toEqual(before);
  await loadSnapshot(server.tessera.services.reads);
  return [...new Set(failures.map(({ code }) => code))];
}

/** The parts with one replaced: by the value as it is, and by the value behind the prefix that stood there. */
function withHostile<T extends string | null>(parts: readonly T[], value: string): (T | string)[][] {
  return parts.flatMap((part, place) => {
    const prefix = /^(?:role|user|project):/.exec(part ?? '')?.[0] ?? '';
    // Behind a prefix these are names like any other.
    const isPattern = /^(?:like|regex):/.test(value);
    const values = new Set(isPattern ? [value] : [value, prefix + value]);
    return [...values].map((given) => parts.map((other, index) => (index === place ? given : other)));
  });
}

/** The rule with one of its parts replaced, for each of those that are named. */
function withEach(rule: PolicyRule, parts: readonly string[], value: string): PolicyRule[] {
  return parts.map((part) => Object.assign(structuredClone(rule), { [part]: value }));
}

const permission = {
  kind: 'permission',
  role: 'viewer',
  object: 'comments',
  action: 'add',
  effect: 'allow',
} as const;
const inheritance = { kind: 'inheritance', role: 'editor', inherits: 'viewer' } as const;

describe.each(cases)('%s', (_, value) => {
  test('is refused in every part of a rule that policies.apply is to add or remove', async () => {
    const { epoch: baseEpoch } = await admin.client.policies.test.mutate({});
    const rules = [
      ...withEach(permission, ['role', 'object', 'action', 'effect'], value),
      ...withEach(inheritance, ['role', 'inherits'], value),
    ];
    const attempts = rules.flatMap((rule) =>
      (['add', 'remove'] as const).map(
        (op) => () =>
          admin.client.policies.apply.mutate({ changes: [{ op, rule }], baseEpoch, reason: 'hostile' }),
      ),
    );
    expect(await codesOf(attempts)).toEqual(['BAD_INPUT']);
  });

  test('is refused in every value of a line that policies.import is to take', async () => {
    const { epoch: baseEpoch, policy } = await admin.client.policies.export.query({});
    const lines = [
      ['p', 'role:viewer', 'comments', 'add', 'allow'],
      ['g', 'role:editor', 'role:guest', '*'],
      ['g', `user:${member.id}`, 'role:viewer', `project:${projectId}`],
    ];
    const attempts = lines
      .flatMap((line) => withHostile(line, value))
      .map((line) => `${policy}${line.join(', ')}\n`)
      .map(
        (file) => () => admin.client.policies.import.mutate({ policy: file, baseEpoch, reason: 'hostile' }),
      );
    expect(['BAD_POLICY_LINE', 'BAD_INPUT']).toEqual(expect.arrayContaining(await codesOf(attempts)));
  });

  test('is refused as the role of a member, and as the name of a role', async () => {
    const add = () => admin.client.members.add.mutate({ projectId, actorId: member.id, role: value });
    expect(['BAD_INPUT', 'ROLE_UNKNOWN']).toEqual(expect.arrayContaining(await codesOf([add])));
    const attempts = (['system', 'project'] as const).flatMap((scope) => [
      () => admin.client.roles.create.mutate({ name: value, scope }),
      () => admin.client.roles.create.mutate({ name: 'made', scope, inherits: [value] }),
    ]);
    expect(await codesOf(attempts)).toEqual(['BAD_INPUT']);
  });

  test('is refused by the table itself, and by the view that the adapter writes, in every column', async () => {
    const rows = [
      ['p', 'role:viewer', 'comments', 'add', 'allow', null, null],
      ['g', 'role:editor', 'role:guest', '*', null, null, null],
      ['g', `user:${member.id}`, 'role:viewer', `project:${projectId}`, null, null, null],
    ];
    const { reads } = server.tessera.services;
    const before = await readAll();
    const attempts = rows
      .flatMap((row) => withHostile(row, value))
      .flatMap((given) => {
        const direct = sql.query(
          'insert into casbin_rules (ptype, v0, v1, v2, v3, v4, v5) values ($1, $2, $3, $4, $5, $6, $7)',
          given,
        );
        const [ptype, ...rule] = given;
        const throughView = sql.query('insert into casbin (ptype, rule) values ($1, $2::jsonb)', [
          ptype,
          JSON.stringify(rule),
        ]);
        return [
          expect(direct).rejects.toThrow(/"casbin_rules_\w+"|invalid byte sequence/),
          expect(throughView).rejects.toThrow(
            /"casbin_rules_\w+"|invalid byte sequence|unsupported Unicode escape|invalid input syntax for type json/,
          ),
        ];
      });
    await Promise.all(attempts);
    expect(await readAll()).toEqual(before);
    await loadSnapshot(reads);
  });
});

test('a rule at the database that is well formed is taken by both, and the policy is loaded with it', async () => {
  const { reads } = server.tessera.services;
  await reads.query(
    `insert into casbin (ptype, rule) values ('p', '["role:viewer", "comments", "add", "allow"]')`,
  );
  await reads.query(
    `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:viewer', 'comments', 'edit', 'allow')`,
  );
  const snapshot = await loadSnapshot(reads);
  for (const action of ['add', 'edit'])
    expect(snapshot.allows(['role:viewer'], 'comments', action)).toBe(true);
});
