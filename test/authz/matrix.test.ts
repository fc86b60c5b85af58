/**
 * Every cell of the default matrix, callers × procedures, through every door. What is to be expected is
 * worked out here from the tables of the default policy, by lines that share nothing with those that decide.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { builtinRoles } from '../../src/authz/builtinRoles.ts';
import { defaultPermissions } from '../../src/authz/defaultPolicy.ts';
import { appRouter } from '../../src/routers/_app.ts';
import { describeRoutes } from '../../src/routers/describeRoutes.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { type Door, type OneCall, type Outcome, inBatches, overSocket, singly } from './doors.ts';
import { consequential, inputs } from './matrixInputs.ts';

const routes = describeRoutes(appRouter);
type Route = (typeof routes)[number];

interface CallerPlan {
  name: string;
  isSignedIn: boolean;
  visibility: 'public' | 'private';
  /** Held in the project, in person or through an organization. */
  role?: string;
  isAdmin?: boolean;
  isSuspended?: boolean;
  isThroughOrganization?: boolean;
  /** Of the API key that calls instead of the person. */
  scopes?: string[];
  isKeyOfProject?: boolean;
}

interface Caller extends CallerPlan {
  secret: string | null;
  projectId: string;
}

const signedIn = { isSignedIn: true, visibility: 'private' } as const;
const member = (role: string): CallerPlan => ({ ...signedIn, name: role, role });
const narrow = [
  'projects.get',
  'threads.*',
  'comments.list',
  'notifications.list',
  'members.remove',
  'auth.*',
];
const plans: CallerPlan[] = [
  { name: 'signed out, private project', isSignedIn: false, visibility: 'private' },
  { name: 'signed out, public project', isSignedIn: false, visibility: 'public' },
  { ...signedIn, name: 'stranger to a private project' },
  { ...signedIn, name: 'guest of a public project', visibility: 'public' },
  ...['viewer', 'editor', 'developer', 'manager', 'owner'].map(member),
  { ...signedIn, name: 'editor of a public project', visibility: 'public', role: 'editor' },
  { ...signedIn, name: 'member through an organization', role: 'developer', isThroughOrganization: true },
  { ...signedIn, name: 'admin', isAdmin: true },
  { ...signedIn, name: 'suspended owner', role: 'owner', isSuspended: true },
  { ...signedIn, name: 'key of an owner, all scopes', role: 'owner', scopes: ['*'] },
  { ...signedIn, name: 'key of an owner, some scopes', role: 'owner', scopes: narrow },
  { ...signedIn, name: 'key of an owner, one project', role: 'owner', scopes: ['*'], isKeyOfProject: true },
  { ...signedIn, name: 'key of a viewer, all scopes', role: 'viewer', scopes: ['*'] },
];

/** The roles and all that they inherit, by the table of built-in roles. */
function withInherited(roles: string[]): Set<string> {
  const all = new Set(roles);
  for (const role of all)
    for (const parent of builtinRoles.find(({ name }) => name === role)?.inherits ?? []) all.add(parent);
  return all;
}

function isWithinScopes(
  { scopes, isKeyOfProject }: CallerPlan,
  route: Pick<Route, 'path' | 'scope'>,
): boolean {
  if (!scopes) return true;
  const [object = ''] = route.path.split('.');
  if (['auth', 'apiKeys', 'policies', 'roles'].includes(object)) return false;
  if (isKeyOfProject && route.scope !== 'project') return false;
  return scopes.some((scope) => scope === '*' || scope === route.path || scope === `${object}.*`);
}

/** What the default policy says to this call: the error that refuses it, or null. */
function expectedRefusal(
  caller: CallerPlan,
  route: Pick<Route, 'path' | 'scope'>,
  project: 'live' | 'deleted' = 'live',
): string | null {
  const isInProject = route.scope === 'project';
  const may = (path: string): boolean => {
    const roles = caller.isSignedIn ? ['anonymous', 'authenticated', 'user'] : ['anonymous'];
    if (caller.isAdmin) roles.push('admin');
    if (isInProject && caller.role) roles.push(caller.role);
    if (isInProject && caller.isSignedIn && caller.visibility === 'public') roles.push('guest');
    const held = withInherited(roles);
    const [object = '', action = ''] = path.split('.');
    if (caller.isSuspended && path !== 'auth.logout') return false;
    if (isInProject && project === 'deleted' && path !== 'projects.restore') return false;
    if (!isWithinScopes(caller, { ...route, path })) return false;
    return held.has('admin') || held.has(defaultPermissions[object]?.[action] ?? 'nobody');
  };
  if (may(route.path)) return null;
  if (!caller.isSignedIn) return 'UNAUTHORIZED';
  if (caller.isSuspended) return 'ACCOUNT_SUSPENDED';
  return isInProject && !may('projects.get') ? 'NOT_FOUND' : 'FORBIDDEN';
}

/** The refusal in an outcome; null: the call got past authorisation, whatever the verb then said. */
function refusalIn(outcome: Outcome, path: string): string | null {
  if (!outcome) return null;
  const { code, message } = outcome;
  if (code === 'UNAUTHORIZED' || code === 'ACCOUNT_SUSPENDED') return code;
  if (code === 'FORBIDDEN' && message === `Your roles here do not allow ${path}.`) return code;
  if (code === 'NOT_FOUND' && message.includes('no such project')) return code;
  // A verb that fails for a reason of its own is fine; a defect is not.
  expect(code, `${path}: ${message}`).not.toMatch(/^(INTERNAL|UNKNOWN_PROCEDURE|UNAVAILABLE)$/);
  return null;
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    services: new Set(['api', 'realtime']),
    // One socket carries more calls at once than clients are to send.
    settings: { SIGN_IN_ATTEMPTS: '1000', SOCKET_MAX_CALLS: '1000' },
  });
});
afterAll(() => server.close());

async function makeCaller(plan: CallerPlan, founder: Person, admin: Person): Promise<Caller> {
  const { id: projectId } = await founder.client.projects.create.mutate({
    name: plan.name,
    visibility: plan.visibility,
  });
  if (!plan.isSignedIn) return { ...plan, secret: null, projectId };
  const person = plan.isAdmin ? await server.admin() : await server.person(plan.role);
  if (plan.isThroughOrganization) {
    const { id } = await founder.client.organizations.create.mutate({
      name: 'Guild',
      username: `guild-${person.username}`,
    });
    await founder.client.organizations.addMember.mutate({ organizationId: id, actorId: person.id });
    await founder.client.members.add.mutate({ projectId, actorId: id, role: plan.role ?? '' });
  } else if (plan.role) {
    await founder.client.members.add.mutate({ projectId, actorId: person.id, role: plan.role });
  }
  let secret = person.token;
  if (plan.scopes) {
    const { key, apiKey } = await person.client.apiKeys.create.mutate({
      name: 'key',
      scopes: ['*'],
      ...(plan.isKeyOfProject ? { projectIds: [projectId] } : {}),
    });
    // Scopes where no key may reach are refused when a key is made; here one has them all the same.
    await server.tessera.services.reads.query('update api_keys set scopes = $2 where id = $1', [
      apiKey.id,
      plan.scopes,
    ]);
    secret = key;
  }
  if (plan.isSuspended) await admin.client.actors.suspend.mutate({ actorId: person.id });
  return { ...plan, secret, projectId };
}

/** Everyone anew, so that what got through one door changes nothing at the next. */
async function makeCast(wanted = plans): Promise<Caller[]> {
  const founder = await server.person('Founder');
  const admin = await server.admin();
  return Promise.all(wanted.map((plan) => makeCaller(plan, founder, admin)));
}

function callOf({ path, type }: Route, { projectId }: Caller): OneCall {
  const input = inputs[path] ?? expect.fail(`${path} has no input in matrixInputs.ts: add its line.`);
  return { path, type, input: input({ projectId }) };
}

/** One line a cell, in the order of the routes. */
async function play(door: Door, caller: Caller, some: Route[]): Promise<string[]> {
  const outcomes = await door(
    server.url,
    caller.secret,
    some.map((route) => callOf(route, caller)),
  );
  return some.map(({ path }, place) => `${caller.name}: ${path} ${refusalIn(outcomes[place], path)}`);
}
const expectedOf = (caller: Caller, some: Route[], project?: 'deleted') =>
  some.map((route) => `${caller.name}: ${route.path} ${expectedRefusal(caller, route, project)}`);

/** A caller of every kind of refusal: enough where the same lines decide as behind another door. */
const someOfAll = new Set([
  'signed out, public project',
  'stranger to a private project',
  'editor',
  'suspended owner',
  'key of an owner, some scopes',
]);
const doors: Record<string, { door: Door; takes: Route['type'][]; callers?: ReadonlySet<string> }> = {
  batches: { door: inBatches, takes: ['query', 'mutation'] },
  'a WebSocket, for subscriptions': { door: overSocket, takes: ['subscription'] },
  'a WebSocket, for all calls': {
    door: overSocket,
    takes: ['query', 'mutation', 'subscription'],
    callers: someOfAll,
  },
  'one request each, subscriptions as server-sent events': {
    door: singly,
    takes: ['query', 'mutation', 'subscription'],
    callers: someOfAll,
  },
};
// On a busy machine; alone, a few seconds each.
const patience = 120_000;

describe('a call is refused exactly when the default policy does not allow it', () => {
  test('and the matrix leaves no procedure out, nor calls one with what it does not take', () => {
    expect(Object.keys(inputs).toSorted()).toEqual(routes.map(({ path }) => path).toSorted());
    const procedures = appRouter._def.procedures as unknown as Record<
      string,
      { _def: { inputs: z.ZodType[] } }
    >;
    const faults = routes.flatMap(({ path }) => {
      const input = inputs[path]?.({ projectId: randomUUID() });
      const { error } = procedures[path]?._def.inputs[0]?.safeParse(input) ?? {};
      return error ? [`${path}: ${error.message}`] : [];
    });
    expect(faults).toEqual([]);
  });

  test.each(Object.entries(doors))(
    'through %s',
    { timeout: patience },
    async (_, { door, takes, callers }) => {
      const harmless = routes.filter(
        ({ path, type }) => takes.includes(type) && !consequential.includes(path),
      );
      const cast = await makeCast(plans.filter(({ name }) => callers?.has(name) ?? true));
      for (const caller of cast) {
        expect(await play(door, caller, harmless)).toEqual(expectedOf(caller, harmless));
        for (const path of consequential) {
          const route = routes.filter((each) => each.path === path);
          expect(await play(door, caller, route)).toEqual(expectedOf(caller, route));
        }
      }
    },
  );

  test('and in a deleted project everything is refused but restoring it', { timeout: patience }, async () => {
    const inProjects = routes.filter(({ scope }) => scope === 'project');
    const others = inProjects.filter(({ path }) => path !== 'projects.restore');
    const restoring = inProjects.filter(({ path }) => path === 'projects.restore');
    const wanted = new Set([...someOfAll, 'guest of a public project', 'admin']);
    const cast = await makeCast(plans.filter(({ name, role }) => wanted.has(name) || role === 'owner'));
    await server.tessera.services.reads.query('update projects set deleted_at = now()');
    for (const caller of cast) {
      expect(await play(overSocket, caller, others)).toEqual(expectedOf(caller, others, 'deleted'));
      expect(await play(singly, caller, restoring)).toEqual(expectedOf(caller, restoring, 'deleted'));
    }
  });
});
