import { z } from 'zod';
import { addMember, removeMember, setMemberRole, type Membership } from '../domain/projects/changeMember.ts';
import { mayGrant } from '../authz/rules/grant.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { type MemberView, viewMember } from '../views/projects.ts';
import { listMembers } from '../views/sql/listMembers.ts';
import { searchMembers } from '../views/sql/searchMembers.ts';
import type { Call } from './Call.ts';
import { freeText, line } from './freeText.ts';
import { project, router } from './trpc.ts';

const view = ({ member, actor, role }: Membership): MemberView => viewMember(member, actor, role);

/** Nobody can grant, or take away, what they do not hold. */
function refuseBeyondOwn(ctx: Call, role: string): void {
  if (!mayGrant(ctx.access, role)) fail('GRANT_EXCEEDS_OWN', { granted: `the role ${role}` });
}

export const members = router({
  /** Adds a person or an organization with a role that the caller's own covers. */
  add: project.mutation('members.add', { actorId: uuid, role: line(50) }, ({ ctx, input }) => {
    refuseBeyondOwn(ctx, input.role);
    return ctx.write(
      (em) =>
        addMember(
          em,
          ctx.actor,
          { projectId: ctx.projectId, actorId: input.actorId, role: input.role },
          (other) => refuseBeyondOwn(ctx, other),
        ),
      view,
    );
  }),

  /** The project's members in the order they were added. */
  list: project.query('members.list', page, async ({ ctx, input }) => {
    const rows = await listMembers(ctx.reads, ctx.projectId, readCursor(input.cursor), input.limit + 1);
    return toPage(
      rows.map((member) => ({ member, id: member.actor.id, createdAt: member.addedAt })),
      input.limit,
      ({ member }) => member,
    );
  }),

  /**
   * Active people of the project, in person or through an organization, whose username or a word of whose name
   * begins with `text`; without it, any: to mention them, or to give them something to do.
   */
  search: project.query(
    'members.search',
    { text: freeText(400).default(''), limit: z.number().int().min(1).max(50).default(10) },
    async ({ ctx, input: { text, limit } }) => ({
      items: await searchMembers(ctx.reads, { projectId: ctx.projectId, beginning: text, limit }),
    }),
  ),

  /** Gives a member another role; neither the old nor the new one may exceed the caller's. */
  setRole: project.mutation('members.setRole', { actorId: uuid, role: line(50) }, ({ ctx, input }) => {
    refuseBeyondOwn(ctx, input.role);
    return ctx.write(
      (em) =>
        setMemberRole(em, { projectId: ctx.projectId, actorId: input.actorId, role: input.role }, (former) =>
          refuseBeyondOwn(ctx, former),
        ),
      view,
    );
  }),

  /** Takes a member out; their open subscriptions end at once. */
  remove: project.mutation('members.remove', { actorId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) =>
        removeMember(em, { projectId: ctx.projectId, actorId: input.actorId }, (role) =>
          refuseBeyondOwn(ctx, role),
        ),
      view,
    ),
  ),

  /** Leaves the project; the last owner cannot. */
  leave: project.mutation('members.leave', {}, ({ ctx }) =>
    ctx.write((em) => removeMember(em, { projectId: ctx.projectId, actorId: ctx.actor.id }), view),
  ),
});
