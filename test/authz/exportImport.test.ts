import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Enforcer, Util, newEnforcer } from 'casbin';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeRule, fromLine } from '../../src/authz/PolicyRule.ts';
import { Snapshot, modelText } from '../../src/authz/Snapshot.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { exportWhole } from '../../src/domain/policies/exportPolicy.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { actions, objects, policyLines, roleNames, storeWorld, worldPlan } from './randomWorld.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { runHere } from '../support/runHere.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tessera-export-'));
  await writeFile(join(directory, 'model.conf'), modelText);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Casbin as another tool sets it up: model and policy from files, and the function that the head asks for. */
async function openStock(policy: string): Promise<Enforcer> {
  const file = join(directory, 'policy.csv');
  await writeFile(file, policy);
  const enforcer = await newEnforcer(join(directory, 'model.conf'), file);
  await enforcer.addNamedDomainMatchingFunc('g', Util.keyMatchFunc);
  await enforcer.buildRoleLinks();
  return enforcer;
}

describe('stock Casbin on an exported file', () => {
  test('decides every policy as Tessera does', async () => {
    await fc.assert(
      fc.asyncProperty(policyLines, async (lines) => {
        const rules = lines.map((line) => fromLine(line)).filter((rule) => rule !== undefined);
        const snapshot = await Snapshot.of(rules, 1);
        const stock = await openStock(rules.map(describeRule).join('\n'));
        const requests = roleNames.flatMap((role) =>
          objects.flatMap((object) => actions.map((action) => ({ role: `role:${role}`, object, action }))),
        );
        const decided = requests.map(({ role, object, action }) => snapshot.allows([role], object, action));
        const expected = requests.map(({ role, object, action }) =>
          stock.enforceSync(role, '*', object, action),
        );
        const told = (answers: boolean[]) =>
          requests.map(({ role, object, action }, at) => `${role} ${object}.${action} ${answers[at]}`);
        expect(told(decided)).toEqual(told(expected));
      }),
      { numRuns: 40 },
    );
  });

  test('decides as Tessera does in whole worlds: people, organizations, projects of every state', async () => {
    await using server = await startServer({ services: new Set() });
    const { reads, authorizer } = server.tessera.services;
    let compared = 0;
    let allowed = 0;
    await fc.assert(
      fc.asyncProperty(worldPlan, fc.boolean(), async (plan, ofOneProject) => {
        const world = await storeWorld(reads, plan);
        const projectId = ofOneProject ? (world.projects[0]?.id ?? null) : null;
        const { policy } = await exportWhole(reads, { memberships: true, projectId });
        const stock = await openStock(policy);
        const callers = [
          { subject: 'role:anonymous', hash: null },
          ...world.people
            .filter(({ state }) => state !== 'deleted')
            .map(({ id, token }) => ({ subject: `user:${id}`, hash: hashTokenAsText(token) }))
            // What is said of one project names only those who hold a role there, or everywhere.
            .filter(({ subject }) => !ofOneProject || policy.includes(`g, ${subject}, `)),
        ];
        for (const { subject, hash } of callers)
          for (const project of ofOneProject ? world.projects.slice(0, 1) : [null, ...world.projects]) {
            // As the head says: what holds everywhere would count in a deleted project too.
            if (project?.state.startsWith('deleted')) continue;
            const access = await authorizer.access(hash, project?.id ?? null);
            const domain = project ? `project:${project.id}` : '*';
            const asked = objects
              .flatMap((object) => actions.map((action) => ({ object, action })))
              .filter(
                ({ object, action }) => !(access.isSuspended && `${object}.${action}` === 'auth.logout'),
              );
            const found = asked.filter(({ object, action }) => access.can(`${object}.${action}`));
            const expected = asked.filter(({ object, action }) =>
              stock.enforceSync(subject, domain, object, action),
            );
            expect({ subject, domain, found }).toEqual({ subject, domain, found: expected });
            compared += asked.length;
            allowed += found.length;
          }
      }),
      { numRuns: 30 },
    );
    expect(compared).toBeGreaterThan(1500);
    expect(allowed).toBeGreaterThan(150);
  });
});

let server: TestServer;
let admin: Person;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
});
afterAll(() => server.close());

const exportNow = (input = {}) => admin.client.policies.export.query(input);
const importNow = (policy: string, baseEpoch: number, more = {}) =>
  admin.client.policies.import.mutate({ policy, baseEpoch, reason: 'From a file', ...more });
const linesOf = (policy: string) => policy.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** Everything that an import could change. */
async function readAll(): Promise<unknown> {
  const { rows } = await server.tessera.services.reads.query(
    `select (select json_agg(r order by id) from casbin_rules r) as rules,
       (select json_agg(e order by name) from authz_epochs e where name = 'policy') as epochs,
       (select count(*) from authz_versions) as versions`,
  );
  return rows[0];
}

describe('policies.export', () => {
  test('answers the policy with its model, sorted, and a head that says what it is', async () => {
    const { policy, model, epoch } = await exportNow();
    expect(model).toBe(modelText);
    const lines = linesOf(policy);
    expect(lines).toContain('p, role:viewer, comments, react, allow');
    expect(lines).toContain('g, role:editor, role:viewer, *');
    expect(lines.filter((line) => line.includes('user:'))).toEqual([]);
    const head = policy
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .join('\n');
    expect(head).toContain(`epoch ${epoch}`);
    expect(head).toContain(`addNamedDomainMatchingFunc('g', keyMatch)`);
    expect(head).toContain('does not say who holds which role');
  });

  test('spells out who holds what: in person, through an organization, as everyone does', async () => {
    const [owner, member, suspended, gone] = [
      await server.person('Owner'),
      await server.person('Member'),
      await server.person('Suspended'),
      await server.person('Gone'),
    ];
    const { id: projectId } = await owner.client.projects.create.mutate({
      name: 'Open',
      visibility: 'public',
    });
    const { id: otherId } = await owner.client.projects.create.mutate({ name: 'Other' });
    const { id: deletedId } = await owner.client.projects.create.mutate({
      name: 'Deleted',
      visibility: 'public',
    });
    await owner.client.projects.delete.mutate({ projectId: deletedId });
    const guild = await owner.client.organizations.create.mutate({
      name: 'Guild',
      username: 'exported-guild',
    });
    for (const { id } of [member, suspended])
      await owner.client.organizations.addMember.mutate({ organizationId: guild.id, actorId: id });
    await owner.client.members.add.mutate({ projectId, actorId: guild.id, role: 'editor' });
    await owner.client.members.add.mutate({ projectId, actorId: gone.id, role: 'viewer' });
    await admin.client.actors.suspend.mutate({ actorId: suspended.id });
    await server.tessera.services.reads.query('update actors set deleted_at = now() where id = $1', [
      gone.id,
    ]);

    const everywhere = linesOf((await exportNow({ memberships: true })).policy);
    expect(everywhere.filter((line) => line.includes(`user:${member.id}`))).toEqual([
      `g, user:${member.id}, role:authenticated, *`,
      `g, user:${member.id}, role:user, *`,
      `g, user:${member.id}, role:editor, project:${projectId}`,
    ]);
    expect(everywhere).toContain(`g, user:${owner.id}, role:owner, project:${otherId}`);
    expect(everywhere).toContain(`g, user:${admin.id}, role:admin, *`);
    expect(everywhere).toContain(`g, role:authenticated, role:guest, project:${projectId}`);
    for (const absent of [suspended.id, gone.id, guild.id, deletedId])
      expect(everywhere.filter((line) => line.includes(absent))).toEqual([]);
    expect(new Set(everywhere).size).toBe(everywhere.length);

    const one = await exportNow({ memberships: true, projectId: otherId });
    const people = new Set(linesOf(one.policy).flatMap((line) => line.match(/user:[0-9a-f-]{36}/g) ?? []));
    expect([...people].toSorted()).toEqual([`user:${owner.id}`, `user:${admin.id}`].toSorted());
    expect(one.policy).toContain(
      'Only the people who hold a role in this project, or everywhere, are named.',
    );
  });

  test('of a project that is not there, or by who is no administrator, is refused', async () => {
    const unknown = exportNow({ memberships: true, projectId: '00000000-0000-4000-8000-000000000000' });
    expect((await failureOf(unknown)).code).toBe('NOT_FOUND');
    const someone = await server.person();
    expect((await failureOf(someone.client.policies.export.query({}))).code).toBe('FORBIDDEN');
  });
});

describe('policies.import', () => {
  test('of an export changes nothing, with memberships or without', async () => {
    for (const memberships of [false, true]) {
      const { policy, epoch } = await exportNow({ memberships });
      const before = await readAll();
      const ignored = linesOf(policy).filter((line) => /user:|^g, role:authenticated/.test(line)).length;
      expect(await importNow(policy, epoch)).toEqual({ epoch, added: [], removed: [], ignored });
      expect(await readAll()).toEqual(before);
    }
  });

  test('makes the file the whole policy, as one version that can be rolled back', async () => {
    const { policy, epoch } = await exportNow();
    const changed = policy
      .replace('p, role:viewer, comments, react, allow\n', '')
      .concat('g, role:user, role:guest, *\n', 'p, role:viewer, comments, add, allow\n');
    const dry = await importNow(changed, epoch, { dryRun: true });
    expect((await exportNow()).policy).toBe(policy);
    const answer = await importNow(changed, epoch);
    expect(answer).toEqual({
      epoch: answer.epoch,
      added: [
        { kind: 'inheritance', role: 'user', inherits: 'guest' },
        { kind: 'permission', role: 'viewer', object: 'comments', action: 'add', effect: 'allow' },
      ],
      removed: [{ kind: 'permission', role: 'viewer', object: 'comments', action: 'react', effect: 'allow' }],
      ignored: 0,
    });
    expect(dry).toEqual({ ...answer, epoch });
    expect(answer.epoch).toBeGreaterThan(epoch);
    const after = await exportNow();
    expect(after.epoch).toBe(answer.epoch);
    expect(linesOf(after.policy).toSorted()).toEqual(linesOf(changed).toSorted());
    const { items } = await admin.client.policies.history.query({ limit: 1 });
    expect(items[0]).toMatchObject({ epoch: answer.epoch, reason: 'From a file', actor: { id: admin.id } });
    await admin.client.policies.rollback.mutate({ epoch, reason: 'back' });
    expect(linesOf((await exportNow()).policy)).toEqual(linesOf(policy));
  });

  test('carries a policy to another instance that has the same roles', async () => {
    await using other = await startServer();
    const elsewhere = await other.admin();
    const role = { name: 'reviewer', scope: 'project' as const, description: 'Reviews.' };
    await admin.client.roles.create.mutate({ ...role, inherits: ['viewer'] });
    const { policy } = await exportNow({ memberships: true });
    const target = await elsewhere.client.policies.export.query({});
    const send = () =>
      elsewhere.client.policies.import.mutate({ policy, baseEpoch: target.epoch, reason: 'Moved' });
    expect(await failureOf(send())).toMatchObject({
      code: 'BAD_POLICY_LINE',
      message: expect.stringContaining('there is no role reviewer') as string,
    });
    await elsewhere.client.roles.create.mutate({ ...role, inherits: [] });
    const { epoch } = await elsewhere.client.policies.export.query({});
    await elsewhere.client.policies.import.mutate({ policy, baseEpoch: epoch, reason: 'Moved' });
    const moved = await elsewhere.client.policies.export.query({});
    expect(linesOf(moved.policy)).toEqual(linesOf((await exportNow()).policy));
  });

  test('is refused as a whole for one wrong line, which it names, and nothing changes', async () => {
    const { policy, epoch } = await exportNow();
    const before = await readAll();
    const bad = policy.replace(
      'p, role:viewer, comments, react, allow\n',
      'p, role:viewer, comments, raect, allow\n',
    );
    const line = bad.split('\n').indexOf('p, role:viewer, comments, raect, allow') + 1;
    const failure = await failureOf(importNow(bad, epoch));
    expect(failure.code).toBe('BAD_POLICY_LINE');
    expect(failure.message).toBe(
      `Line ${line} of the policy cannot be imported: there is no procedure "comments.raect". Nothing was changed.`,
    );
    expect(failure.details['faults']).toEqual([{ line, reason: 'there is no procedure "comments.raect"' }]);
    expect(await readAll()).toEqual(before);
  });

  test('changes nothing that no policy may be, whatever is in the file', async () => {
    const { policy, epoch } = await exportNow();
    const before = await readAll();
    const codeOf = async (file: string, baseEpoch = epoch) =>
      (await failureOf(importNow(file, baseEpoch))).code;
    expect(await codeOf('# nothing at all\n')).toBe('POLICY_FLOOR');
    const headless = linesOf(policy).filter((line) => line !== 'p, role:admin, *, *, allow');
    expect(await codeOf(headless.filter((line) => !line.includes('policies')).join('\n'))).toBe('LAST_ADMIN');
    expect(await codeOf(`${policy}g, role:viewer, role:editor, *\n`)).toBe('POLICY_RULE_REFUSED');
    expect(await codeOf(`${policy}p, role:viewer, threads, list, deny\n`)).toBe('POLICY_RULE_REFUSED');
    expect(await codeOf(policy, epoch - 1)).toBe('POLICY_STALE');
    expect(await codeOf(`${policy}${'#'.repeat(1_000_000)}`)).toBe('BAD_INPUT');
    expect(await codeOf('')).toBe('BAD_INPUT');
    expect(await readAll()).toEqual(before);
  });

  test('gives nothing that its editor does not hold', async () => {
    const { policy, epoch } = await exportNow();
    const clerk = await server.person('Clerk');
    await server.tessera.services.reads.query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values
         ('p', 'role:user', 'policies', 'import', 'allow'), ('p', 'role:user', 'policies', 'export', 'allow')`,
    );
    const base = await clerk.client.policies.export.query({});
    const send = (more: string) =>
      clerk.client.policies.import.mutate({
        policy: base.policy + more,
        baseEpoch: base.epoch,
        reason: 'Mine',
      });
    expect((await failureOf(send('p, role:user, actors, suspend, allow\n'))).code).toBe('GRANT_EXCEEDS_OWN');
    await admin.client.policies.rollback.mutate({ epoch, reason: 'back' });
    expect(linesOf((await exportNow()).policy)).toEqual(linesOf(policy));
  });

  test('that is sent again with its mutationId is done once', async () => {
    const { policy, epoch } = await exportNow();
    const file = `${policy}p, role:viewer, comments, edit, allow\n`;
    const first = await importNow(file, epoch, { mutationId: 'import once' });
    expect(await importNow(file, epoch, { mutationId: 'import once' })).toEqual(first);
    await admin.client.policies.rollback.mutate({ epoch, reason: 'back' });
  });
});

describe('npm run policies:export', () => {
  function environment() {
    const { host, port, user, database } = server.database.connection;
    const url = `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`;
    return { ...childEnvironment, DATA_DIR: directory, DATABASE_URL: url };
  }
  /** Runs the command on the server's database. */
  function run(
    words: string[],
    flags: string[] = [],
  ): Promise<{ code: number; output: string; said: string }> {
    const env = environment();
    return new Promise((done) => {
      execFile(
        process.execPath,
        [...flags, 'src/exportPolicy.ts', ...words],
        { env, maxBuffer: 2 ** 28 },
        (error, stdout, stderr) =>
          done({ code: error ? Number(error.code ?? 1) : 0, output: stdout, said: stderr }),
      );
    });
  }

  test('writes what the procedure answers, and nothing else', async () => {
    const alone = await runHere('src/exportPolicy.ts', [], environment());
    expect(alone).toEqual({ code: 0, stdout: (await exportNow()).policy, stderr: '' });
    const { policy } = await exportNow({ memberships: true });
    expect(await run(['--memberships'])).toEqual({ code: 0, output: policy, said: '' });
  });

  test('writes the model, its usage, and takes no other words', async () => {
    const runIt = (...words: string[]) => runHere('src/exportPolicy.ts', words);
    expect(await runIt('--model')).toEqual({ code: 0, stdout: modelText, stderr: '' });
    expect(await runIt('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage') as string,
    });
    for (const words of [['--what'], ['--model', '--memberships'], ['more']])
      expect(await runIt(...words)).toMatchObject({ code: 2, stdout: '' });
  });

  test('streams what is too much for one answer, with little memory', async () => {
    await server.tessera.services.reads.query(
      `insert into actors (id, actor_type, name, username, email, password_hash)
       select gen_random_uuid(), 'person', 'Someone', 'many-' || n, 'many-' || n || '@example.org', '-'
       from generate_series(1, 120000) as n`,
    );
    const failure = await failureOf(exportNow({ memberships: true }));
    expect(failure.code).toBe('EXPORT_TOO_LARGE');
    expect(failure.remedy).toContain('npm run -s policies:export -- --memberships');
    const { code, output } = await run(['--memberships'], ['--max-old-space-size=64']);
    expect(code).toBe(0);
    expect(linesOf(output).length).toBeGreaterThan(240_000);
  });
});
