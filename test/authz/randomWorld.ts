/** Random policies, people and projects: as values, as rows of a database, and as the lines stock Casbin would need. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { hashToken } from '../../src/domain/identity/secrets.ts';
import { insertRows } from '../support/insertRows.ts';

/** Roles that policies are drawn from; one inherits only from those after it, so that there is no cycle. */
export const roleNames = [
  'admin',
  'owner',
  'auditor',
  'editor',
  'viewer',
  'user',
  'guest',
  'authenticated',
  'anonymous',
];
/** Roles that an actor can be given. */
const givenRoles = ['admin', 'owner', 'auditor', 'editor', 'viewer'];

export const objects = ['projects', 'threads', 'auth', 'policies'];
export const actions = ['get', 'list', 'restore', 'logout'];

const object = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...objects) }, fc.constant('*'));
const action = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...actions) }, fc.constant('*'));
const effect = fc.oneof({ weight: 6, arbitrary: fc.constant('allow') }, fc.constant('deny'));
const permission = fc
  .tuple(fc.constantFrom(...roleNames), object, action, effect)
  .map(([role, name, verb, eft]) => ['p', `role:${role}`, name, verb, eft]);
const inheritance = fc
  .tuple(fc.nat(roleNames.length - 1), fc.nat(roleNames.length - 1))
  .filter(([low, high]) => low < high)
  .map(([low, high]) => ['g', `role:${roleNames[low]}`, `role:${roleNames[high]}`, '*']);
const distinct = { selector: (line: string[]) => line.join() };

/** A policy as Casbin's lines: rules with wildcards and denials, and inheritance up to eight deep. */
export const policyLines = fc
  .tuple(
    fc.uniqueArray(permission, { ...distinct, minLength: 8, maxLength: 24 }),
    fc.uniqueArray(inheritance, { ...distinct, maxLength: 10, size: 'max' }),
  )
  .map(([rules, links]) => rules.concat(links));

const people = 4;
const organizations = 2;
const projects = 4;

/** What a world is drawn from; people, organizations and projects are numbers. */
export const worldPlan = fc.record({
  policy: policyLines,
  states: fc.record({
    person: fc.array(fc.constantFrom('active', 'active', 'active', 'suspended', 'deleted'), {
      minLength: people,
      maxLength: people,
    }),
    organization: fc.array(fc.constantFrom('active', 'active', 'active', 'suspended', 'deleted'), {
      minLength: organizations,
      maxLength: organizations,
    }),
    project: fc.array(fc.constantFrom('private', 'private', 'public', 'deleted', 'deleted public'), {
      minLength: projects,
      maxLength: projects,
    }),
  }),
  /** Who belongs to which organization. */
  belongs: fc.uniqueArray(fc.tuple(fc.nat(people - 1), fc.nat(organizations - 1)), {
    selector: (pair) => pair.join(),
    minLength: 2,
    maxLength: 6,
  }),
  /** Which actor (people first) has which role in which project, or everywhere (null). */
  held: fc.uniqueArray(
    fc.tuple(
      fc.nat(people + organizations - 1),
      fc.constantFrom(...givenRoles),
      fc.option(fc.nat(projects - 1), { freq: 5 }),
    ),
    { selector: (held) => held.join(), minLength: 8, maxLength: 16 },
  ),
  /** Of the API key that each person has. */
  scopes: fc.uniqueArray(
    fc.oneof(
      { weight: 2, arbitrary: fc.constant('*') },
      fc.constantFrom(...objects).map((name) => `${name}.*`),
      fc
        .tuple(fc.constantFrom(...objects), fc.constantFrom(...actions))
        .map(([name, verb]) => `${name}.${verb}`),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  keyProjects: fc.option(fc.uniqueArray(fc.nat(projects - 1), { minLength: 1, maxLength: 2 })),
});
export type WorldPlan = typeof worldPlan extends fc.Arbitrary<infer Plan> ? Plan : never;

interface Actor {
  id: string;
  state: string;
}

export interface Key {
  secret: string;
  scopes: string[];
  projectIds: string[] | null;
}

/** A world as it stands in the database. */
export interface World {
  people: (Actor & { token: string; key: Key })[];
  organizations: Actor[];
  projects: { id: string; state: string }[];
  /** Every line of `casbin_rules`. */
  stored: string[][];
  /** `[person, organization]` by place. */
  belongs: readonly (readonly [number, number])[];
}

const hashed = (secret: string) => `\\x${hashToken(secret).toString('hex')}`;

/** Puts a world into the database: its rules are then all there are, its actors and projects join earlier ones. */
export async function storeWorld(pool: pg.Pool, plan: WorldPlan): Promise<World> {
  const world = makeWorld(plan);
  const now = new Date().toISOString();
  const actorOf = ({ id, state }: Actor) => ({
    id,
    name: 'Someone',
    username: `actor-${id}`,
    suspended_at: state === 'suspended' ? now : null,
    deleted_at: state === 'deleted' ? now : null,
  });
  await pool.query('delete from casbin_rules');
  await insertRows(pool, 'actors', [
    ...world.people.map((person) => ({
      ...actorOf(person),
      actor_type: 'person',
      email: `${person.id}@example.org`,
      password_hash: '-',
    })),
    ...world.organizations.map((organization) => ({
      ...actorOf(organization),
      actor_type: 'organization',
      email: null,
      password_hash: null,
    })),
  ]);
  await insertRows(
    pool,
    'sessions',
    world.people.map(({ id, token }) => ({
      id: randomUUID(),
      user_id: id,
      token_hash: hashed(token),
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    })),
  );
  await insertRows(
    pool,
    'api_keys',
    world.people.map(({ id, key }) => ({
      id: randomUUID(),
      user_id: id,
      name: 'key',
      prefix: 'tsk_',
      key_hash: hashed(key.secret),
      scopes: key.scopes,
      project_ids: key.projectIds,
    })),
  );
  await insertRows(
    pool,
    'projects',
    world.projects.map(({ id, state }) => ({
      id,
      owner_id: world.people[0]?.id,
      name: 'Project',
      identifier: id,
      visibility: state.endsWith('public') ? 'public' : 'private',
      deleted_at: state.startsWith('deleted') ? now : null,
    })),
  );
  await insertRows(
    pool,
    'organization_members',
    world.belongs.map(([person, organization]) => ({
      organization_id: world.organizations[organization]?.id,
      actor_id: world.people[person]?.id,
      role: 'member',
    })),
  );
  await insertRows(
    pool,
    'casbin_rules',
    world.stored.map(([ptype, v0, v1, v2, v3 = null]) => ({ ptype, v0, v1, v2, v3 })),
  );
  return world;
}

function makeWorld(plan: WorldPlan): World {
  const worldProjects = plan.states.project.map((state) => ({ id: randomUUID(), state }));
  const projectId = (place: number) => worldProjects[place]?.id ?? '';
  const worldPeople = plan.states.person.map((state) => ({
    id: randomUUID(),
    state,
    token: randomUUID(),
    key: {
      secret: randomUUID(),
      scopes: plan.scopes,
      projectIds: plan.keyProjects?.map(projectId) ?? null,
    },
  }));
  const worldOrganizations = plan.states.organization.map((state) => ({ id: randomUUID(), state }));
  const actors: Actor[] = [...worldPeople, ...worldOrganizations];
  const given = plan.held.map(([actor, role, project]) => [
    'g',
    `user:${actors[actor]?.id}`,
    `role:${role}`,
    project === null ? '*' : `project:${projectId(project)}`,
  ]);
  return {
    people: worldPeople,
    organizations: worldOrganizations,
    projects: worldProjects,
    stored: [...plan.policy, ...given],
    belongs: plan.belongs,
  };
}

/**
 * The lines that stock Casbin decides the world by: those that are stored, and as plain rules what Tessera
 * knows without storing it: what everyone has, what an organization gives its members, what a public
 * project gives who is signed in.
 */
export function expandWorld(world: World): string[][] {
  const implicit = world.people.flatMap(({ id }) => [
    ...['anonymous', 'authenticated', 'user'].map((role) => ['g', `user:${id}`, `role:${role}`, '*']),
    ...world.projects
      .filter(({ state }) => state.endsWith('public'))
      .map((project) => ['g', `user:${id}`, 'role:guest', `project:${project.id}`]),
  ]);
  const throughOrganizations = world.belongs.flatMap(([person, organization]) => {
    const { id = '', state = '' } = world.organizations[organization] ?? {};
    if (state !== 'active') return [];
    return world.stored
      .filter(([ptype, v0, , v2]) => ptype === 'g' && v0 === `user:${id}` && v2 !== '*')
      .map(([, , role = '', domain = '']) => ['g', `user:${world.people[person]?.id}`, role, domain]);
  });
  return [...world.stored, ...implicit, ...throughOrganizations];
}
