import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { hide } from '../authz/refuse.ts';
import {
  type Standing,
  mayGivePlaces,
  mayManage,
  mayRemove,
  maySeeInside,
  standingOf,
} from '../authz/rules/organization.ts';
import {
  addOrganizationMember,
  removeOrganizationMember,
  setOrganizationRole,
  viewBelonging,
} from '../domain/identity/organizationMembers.ts';
import {
  createOrganization,
  deleteOrganization,
  lockOrganization,
  restoreOrganization,
  updateOrganization,
} from '../domain/identity/organizations.ts';
import type { Actor } from '../entities/identity/Actor.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { type OrganizationRole, organizationRole, viewOrganization } from '../views/identity.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listOrganizationMembers } from '../views/sql/listOrganizationMembers.ts';
import { listOrganizations } from '../views/sql/listOrganizations.ts';
import { readOrganization } from '../views/sql/readOrganization.ts';
import type { Call } from './Call.ts';
import { displayName, username } from './identityFields.ts';
import { metadata } from './metadata.ts';
import { instance, router } from './trpc.ts';

interface Locked {
  organization: Actor;
  role: OrganizationRole | null;
}

/**
 * Locks an organization and decides, in the transaction that will change it, whether the caller may.
 * @throws NOT_FOUND to who does not belong to it, FORBIDDEN to members who may not.
 */
async function lockPermitted(
  em: EntityManager,
  ctx: Call,
  organizationId: string,
  permission: string,
  options: { deleted?: boolean; rule?: (standing: Standing) => boolean } = {},
): Promise<Locked> {
  const locked = await lockOrganization(em, organizationId, ctx.actor.id, options);
  const standing = standingOf(ctx.access, locked.role);
  if (!maySeeInside(standing)) hide('organization');
  if (!(options.rule ?? mayManage)(standing)) fail('FORBIDDEN', { permission });
  return locked;
}

const view = ({ organization, role }: Locked) => viewOrganization(organization, role);

export const organizations = router({
  /** Makes an organization; the caller becomes its owner. People and organizations share one set of usernames. */
  create: instance.mutation(
    'organizations.create',
    { id: uuid.optional(), name: displayName, username },
    ({ ctx, input }) =>
      ctx.write(
        (em) => createOrganization(em, ctx.actor.id, input),
        (organization) => viewOrganization(organization, 'owner'),
      ),
  ),

  /** An organization's public profile, and the caller's role in it. */
  get: instance.query(
    'organizations.get',
    { organizationId: uuid },
    async ({ ctx, input }) =>
      (await readOrganization(ctx.reads, input.organizationId, ctx.actor.id)) ??
      fail('NOT_FOUND', { thing: 'organization' }),
  ),

  /** The organizations that the caller belongs to, newest first; with `deleted`, those deleted that they own. */
  list: instance.query(
    'organizations.list',
    { ...page, deleted: z.boolean().default(false) },
    async ({ ctx, input }) => {
      const rows = await listOrganizations(ctx.reads, {
        actorId: ctx.actor.id,
        deleted: input.deleted,
        after: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      return toPage(rows, input.limit, (row) => row);
    },
  ),

  /** Changes what is given; `metadata` is replaced as a whole. */
  update: instance.mutation(
    'organizations.update',
    {
      organizationId: uuid,
      name: displayName.optional(),
      username: username.optional(),
      metadata: metadata.optional(),
    },
    ({ ctx, input }) =>
      ctx.write(async (em) => {
        const locked = await lockPermitted(em, ctx, input.organizationId, 'organizations.update');
        await updateOrganization(em, locked.organization, input);
        return locked;
      }, view),
  ),

  /** Deletes softly: its people lose at once what they had through it, and its username is free. */
  delete: instance.mutation('organizations.delete', { organizationId: uuid }, ({ ctx, input }) =>
    ctx.write(async (em) => {
      const locked = await lockPermitted(em, ctx, input.organizationId, 'organizations.delete');
      await deleteOrganization(em, locked.organization);
      return locked;
    }, view),
  ),

  /** Takes a deleted organization back; under another `username` if its own has been taken. */
  restore: instance.mutation(
    'organizations.restore',
    { organizationId: uuid, username: username.optional() },
    ({ ctx, input }) =>
      ctx.write(async (em) => {
        const locked = await lockPermitted(em, ctx, input.organizationId, 'organizations.restore', {
          deleted: true,
        });
        await restoreOrganization(em, locked.organization, input.username);
        return locked;
      }, view),
  ),

  /** Members in the order they were added; for members only. */
  members: instance.query(
    'organizations.members',
    { ...page, organizationId: uuid },
    async ({ ctx, input }) => {
      const organization = await readOrganization(ctx.reads, input.organizationId, ctx.actor.id);
      if (!organization) return fail('NOT_FOUND', { thing: 'organization' });
      if (!maySeeInside(standingOf(ctx.access, organization.role))) hide('organization');
      const rows = await listOrganizationMembers(
        ctx.reads,
        input.organizationId,
        readCursor(input.cursor),
        input.limit + 1,
      );
      return toPage(
        rows.map((member) => ({ member, id: member.actor.id, createdAt: member.addedAt })),
        input.limit,
        ({ member }) => member,
      );
    },
  ),

  /** Adds a person, who then has what the organization has in every project. */
  addMember: instance.mutation(
    'organizations.addMember',
    { organizationId: uuid, actorId: uuid, role: organizationRole.default('member') },
    ({ ctx, input }) =>
      ctx.write(async (em) => {
        await lockPermitted(em, ctx, input.organizationId, 'organizations.addMember');
        if (!mayGivePlaces(ctx.access)) fail('KEY_TOO_NARROW');
        return addOrganizationMember(em, input);
      }, viewBelonging),
  ),

  /** Takes a member out; everyone may take out themselves, but the last owner cannot leave. */
  removeMember: instance.mutation(
    'organizations.removeMember',
    { organizationId: uuid, actorId: uuid },
    ({ ctx, input }) =>
      ctx.write(async (em) => {
        await lockPermitted(em, ctx, input.organizationId, 'organizations.removeMember', {
          rule: (standing) => mayRemove(standing, ctx.actor.id, input.actorId),
        });
        return removeOrganizationMember(em, input);
      }, viewBelonging),
  ),

  /** Makes a member an owner, or an owner a mere member; one owner must remain. */
  setRole: instance.mutation(
    'organizations.setRole',
    { organizationId: uuid, actorId: uuid, role: organizationRole },
    ({ ctx, input }) =>
      ctx.write(async (em) => {
        await lockPermitted(em, ctx, input.organizationId, 'organizations.setRole');
        if (!mayGivePlaces(ctx.access)) fail('KEY_TOO_NARROW');
        return setOrganizationRole(em, input);
      }, viewBelonging),
  ),
});
