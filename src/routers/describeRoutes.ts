import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import { builtinRoles } from '../authz/builtinRoles.ts';
import { defaultPermissions } from '../authz/defaultPolicy.ts';
import type { Meta } from './trpc.ts';

export interface Route {
  /** `router.procedure`. */
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  permission: string;
  scope: string;
  /** Roles that hold the permission by default, inherited ones included. */
  roles: string[];
}

/** Roles that have what `least` has, by inheritance. */
function rolesAbove(least: string): string[] {
  const found = new Set([least]);
  for (const name of found)
    for (const role of builtinRoles) if (role.inherits.includes(name)) found.add(role.name);
  return [...found.add('admin')];
}

/** Every procedure of a router, sorted by path. */
export function describeRoutes(router: AnyTRPCRouter): Route[] {
  const procedures = Object.entries(router._def.procedures as Record<string, AnyTRPCProcedure>);
  return procedures
    .map(([path, procedure]) => {
      const meta = procedure._def.meta as Partial<Meta> | undefined;
      const [object = '', action = ''] = path.split('.');
      const least = defaultPermissions[object]?.[action];
      return {
        path,
        type: procedure._def.type,
        permission: meta?.permission ?? '',
        scope: meta?.scope ?? '',
        roles: least ? rolesAbove(least) : [],
      };
    })
    .toSorted((a, b) => a.path.localeCompare(b.path));
}
