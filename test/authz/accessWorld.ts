/** A world in which calls are allowed and refused for every reason there is: people, their keys, projects. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

/** Someone who calls: by which credential, and how one asks about them. */
export interface Subject {
  name: string;
  actorId: string | null;
  apiKeyId: string | null;
  tokenHash: string | null;
}

export interface AccessWorld {
  server: TestServer;
  admin: Person;
  /** Everyone by the role that they have in the projects, or by what happened to them. */
  people: ReadonlyMap<string, Person>;
  person(name: string): Person;
  /** `private`, `public`, `deleted` and `unknown`, which there is not. */
  project(name: string): string;
  projectIds: readonly string[];
  /** Everyone with their session, owners of keys with these, and nobody. */
  subjects: readonly Subject[];
  subject(name: string): Subject;
  /** A member of the projects, as developer; `colleague` belongs to it. */
  organizationId: string;
  change(sql: string, ...values: unknown[]): Promise<unknown>;
}

const places = [
  ['private', 'private'],
  ['public', 'public'],
  ['deleted', 'private'],
] as const;
const projectRoles = ['manager', 'developer', 'editor', 'viewer', 'correspondent'];
const editors = ['barred', 'suspended', 'deleted'];

/** Correspondents may list and comment; who is barred may not comment; auditors read every audit log. */
async function addRoles(change: AccessWorld['change']): Promise<void> {
  for (const [role, scope] of [
    ['correspondent', 'project'],
    ['barred', 'project'],
    ['auditor', 'system'],
  ])
    await change('insert into roles (id, name, scope) values ($1, $2, $3)', randomUUID(), role, scope);
  await change(`insert into casbin_rules (ptype, v0, v1, v2, v3) values
    ('p', 'role:correspondent', 'threads', 'list', 'allow'), ('p', 'role:correspondent', 'comments', '*', 'allow'),
    ('p', 'role:barred', 'comments', '*', 'deny'), ('p', 'role:auditor', 'audit', '*', 'allow')`);
}

async function addOrganization(owner: Person, name: string, member: Person): Promise<string> {
  const { id: organizationId } = await owner.client.organizations.create.mutate({
    name,
    username: name.toLowerCase(),
  });
  await owner.client.organizations.addMember.mutate({ organizationId, actorId: member.id });
  return organizationId;
}

async function addKey(
  owner: Person,
  name: string,
  input: { scopes: string[]; projectIds?: string[] },
): Promise<Subject & { apiKeyId: string }> {
  const { key, apiKey } = await owner.client.apiKeys.create.mutate({ name, ...input });
  return { name: `key ${name}`, actorId: owner.id, apiKeyId: apiKey.id, tokenHash: hashTokenAsText(key) };
}

export async function makeAccessWorld(): Promise<AccessWorld> {
  const server = await startServer();
  const admin = await server.admin();
  const people = new Map([['admin', admin]]);
  for (const name of ['owner', ...projectRoles, ...editors, 'stranger', 'colleague', 'former'])
    people.set(name, await server.person(name));
  const person = (name: string): Person =>
    people.get(name) ?? expect.fail(`There is no ${name} in this world.`);
  const change = (sql: string, ...values: unknown[]) => server.tessera.services.reads.query(sql, values);
  const give = (to: Person, role: string, domain: string) =>
    change(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, $2, $3)`,
      `user:${to.id}`,
      `role:${role}`,
      domain,
    );
  const owner = person('owner');
  await addRoles(change);
  await give(person('stranger'), 'auditor', '*');
  const organizationId = await addOrganization(owner, 'Guild', person('colleague'));
  const idleId = await addOrganization(owner, 'Idle', person('former'));

  const projects = new Map<string, string>([['unknown', randomUUID()]]);
  for (const [place, visibility] of places) {
    const { id: projectId } = await owner.client.projects.create.mutate({ name: place, visibility });
    projects.set(place, projectId);
    const addMember = (actorId: string, role: string) =>
      admin.client.members.add.mutate({ projectId, actorId, role });
    for (const role of projectRoles) await addMember(person(role).id, role);
    for (const name of editors) await addMember(person(name).id, 'editor');
    for (const id of [organizationId, idleId]) await addMember(id, 'developer');
    await give(person('barred'), 'barred', `project:${projectId}`);
  }
  const project = (name: string): string => projects.get(name) ?? expect.fail(`There is no project ${name}.`);

  const subjects: Subject[] = [{ name: 'signed out', actorId: null, apiKeyId: null, tokenHash: null }];
  for (const [name, { id, token }] of people)
    subjects.push({ name, actorId: id, apiKeyId: null, tokenHash: hashTokenAsText(token) });
  const revoked = await addKey(owner, 'revoked', { scopes: ['*'] });
  const expired = await addKey(owner, 'expired', { scopes: ['*'] });
  subjects.push(
    await addKey(owner, 'wide', { scopes: ['*'] }),
    await addKey(owner, 'narrow', { scopes: ['threads.*', 'projects.get'] }),
    await addKey(owner, 'limited', { scopes: ['*'], projectIds: [project('private')] }),
    await addKey(person('deleted'), 'of a deleted account', { scopes: ['*'] }),
    await addKey(person('suspended'), 'of a suspended account', { scopes: ['*'] }),
    revoked,
    expired,
  );

  await owner.client.apiKeys.revoke.mutate({ apiKeyId: revoked.apiKeyId });
  await change(
    `update api_keys set expires_at = now() - interval '1 minute' where id = $1`,
    expired.apiKeyId,
  );
  await owner.client.projects.delete.mutate({ projectId: project('deleted') });
  for (const actorId of [person('suspended').id, idleId])
    await admin.client.actors.suspend.mutate({ actorId });
  await change('update actors set deleted_at = now() where id = $1', person('deleted').id);
  return {
    server,
    admin,
    people,
    person,
    project,
    projectIds: [...projects.values()],
    subjects,
    subject: (name) => subjects.find((one) => one.name === name) ?? expect.fail(`There is no ${name}.`),
    organizationId,
    change,
  };
}
