import { describe, expect, test } from 'vitest';
import { builtinRoles } from '../../src/authz/builtinRoles.ts';
import { defaultPermissions } from '../../src/authz/defaultPolicy.ts';
import { appRouter } from '../../src/routers/_app.ts';
import { describeRoutes } from '../../src/routers/describeRoutes.ts';

const routes = describeRoutes(appRouter);

describe('permissions', () => {
  test('every procedure declares the permission of its own path', () => {
    expect(routes.filter((route) => route.permission !== route.path)).toEqual([]);
  });

  test('every procedure has a row in the default policy, and every row a procedure', () => {
    const rows = Object.entries(defaultPermissions).flatMap(([object, actions]) =>
      Object.keys(actions).map((action) => `${object}.${action}`),
    );
    expect(rows.toSorted()).toEqual(routes.map((route) => route.path).toSorted());
  });

  test('every procedure of project scope takes a projectId, and no other requires one', () => {
    for (const route of routes) {
      const procedure = (
        appRouter._def.procedures as unknown as Record<
          string,
          {
            _def: {
              inputs: { safeParse(value: unknown): { error?: { issues: { path: PropertyKey[] }[] } } }[];
            };
          }
        >
      )[route.path];
      const issues = procedure?._def.inputs[0]?.safeParse({}).error?.issues ?? [];
      const wants = issues.some((issue) => issue.path[0] === 'projectId');
      expect(`${route.path} ${wants}`).toBe(`${route.path} ${route.scope === 'project'}`);
    }
  });

  test('every role that the default policy names is built in or implicit', () => {
    const known = new Set([...builtinRoles.map((role) => role.name), 'anonymous', 'authenticated', 'guest']);
    const named = new Set(Object.values(defaultPermissions).flatMap((actions) => Object.values(actions)));
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });
});
