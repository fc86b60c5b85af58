import { z } from 'zod';
import { mayGrant } from '../authz/rules/grant.ts';
import { assignRole } from '../domain/identity/assignRole.ts';
import { baseRole } from '../domain/identity/grantSystemRole.ts';
import { viewAccountOf } from '../domain/identity/viewAccountOf.ts';
import { createRole, deleteRole, updateRole } from '../domain/policies/changeRole.ts';
import { viewRoleOf } from '../domain/policies/viewRoleOf.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { roleName, roleScope } from '../views/policies.ts';
import { listRoles, readRole } from '../views/sql/listRoles.ts';
import type { Call } from './Call.ts';
import { freeText } from './freeText.ts';
import { instance, router } from './trpc.ts';

/** As many characters as the column has, if each takes up to four bytes. */
const description = freeText(2000).max(500, 'must be at most 500 characters');

/** How many hold a role tells how many administrators and members there are: only who gives roles may know. */
const mayCount = (ctx: Call) => ctx.access.can('roles.assign');

/** Nobody can grant, or take away, what they do not hold. */
const refuseBeyondOwn = (ctx: Call) => (role: string) => {
  if (!mayGrant(ctx.access, role)) fail('GRANT_EXCEEDS_OWN', { granted: `the role ${role}` });
};

export const roles = router({
  /** Makes a role, held everywhere or in projects. It permits what it inherits; more is given by `policies.apply`. */
  create: instance.mutation(
    'roles.create',
    {
      id: uuid.optional(),
      name: roleName,
      scope: roleScope,
      description: description.default(''),
      inherits: z.array(roleName).max(20).default([]),
    },
    ({ ctx, input }) => ctx.write((em) => createRole(em, input, ctx.access), viewRoleOf),
  ),

  /** One role, by its name. */
  get: instance.query(
    'roles.get',
    { name: roleName },
    async ({ ctx, input }) =>
      (await readRole(ctx.reads, input.name, { withHolders: mayCount(ctx) })) ??
      fail('NOT_FOUND', { thing: 'role' }),
  ),

  /** The roles that can be given, in the order they were made; how many hold them, for those who give roles. */
  list: instance.query('roles.list', { ...page, scope: roleScope.optional() }, async ({ ctx, input }) => {
    const rows = await listRoles(ctx.reads, {
      scope: input.scope ?? null,
      withHolders: mayCount(ctx),
      after: readCursor(input.cursor),
      limit: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => row);
  }),

  /** Says anew what a role is for. Its name stays, for rules are written by it. */
  update: instance.mutation('roles.update', { name: roleName, description }, ({ ctx, input }) =>
    ctx.write((em) => updateRole(em, input.name, input.description), viewRoleOf),
  ),

  /** Deletes a role that nobody holds, and all rules that name it; a built-in one stays. */
  delete: instance.mutation('roles.delete', { name: roleName }, ({ ctx, input }) =>
    ctx.write((em) => deleteRole(em, input.name, ctx.access), viewRoleOf),
  ),

  /** Gives a person a role that is held everywhere, in place of the one they have; neither may exceed the caller's. */
  assign: instance.mutation('roles.assign', { actorId: uuid, role: roleName }, ({ ctx, input }) =>
    ctx.write((em) => assignRole(em, input, refuseBeyondOwn(ctx)), viewAccountOf),
  ),

  /** Takes the role away that a person has everywhere: they are left with what every person has. */
  unassign: instance.mutation('roles.unassign', { actorId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => assignRole(em, { ...input, role: baseRole }, refuseBeyondOwn(ctx)), viewAccountOf),
  ),
});
