import { z } from 'zod';
import { mayDeleteOthers } from '../authz/rules/actor.ts';
import { mayGrant } from '../authz/rules/grant.ts';
import { deleteActor } from '../domain/identity/deleteActor.ts';
import { verifyPassword } from '../domain/identity/passwords.ts';
import { findOwnCredential } from '../domain/identity/sql/findCredential.ts';
import { suspendActor, unsuspendActor } from '../domain/identity/suspendActor.ts';
import { updateProfile } from '../domain/identity/updateProfile.ts';
import { viewAccountOf } from '../domain/identity/viewAccountOf.ts';
import { TesseraError, fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { type ActorRef, viewActorRef } from '../views/identity.ts';
import { roleName } from '../views/policies.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listActors } from '../views/sql/identity/listActors.ts';
import { nameActors } from '../views/sql/identity/nameActors.ts';
import { readActor } from '../views/sql/readActor.ts';
import { searchActors } from '../views/sql/searchActors.ts';
import type { Call } from './Call.ts';
import { displayName, givenPassword, orcid, searchText } from './identityFields.ts';
import { line } from './freeText.ts';
import { metadata } from './metadata.ts';
import { forgetAttempts, takeAttempt } from './rateLimits.ts';
import { instance, router } from './trpc.ts';
import { writeAs } from './writeAs.ts';

/** Whoever deletes their own account shows that it is theirs. */
async function deleteOwn(ctx: Call, password: string | undefined): Promise<ActorRef> {
  const { id } = ctx.actor;
  if (password === undefined)
    throw new TesseraError('BAD_INPUT', {}, { fields: { password: 'must be given to delete your account' } });
  await takeAttempt(ctx, 'passwordOfActor', id);
  const { passwordHash } = (await findOwnCredential(ctx.reads, id)) ?? fail('UNAUTHORIZED');
  if (!(await verifyPassword(passwordHash, password))) fail('WRONG_PASSWORD');
  await forgetAttempts(ctx, 'passwordOfActor', id);
  const deleted = await writeAs(ctx, id, (em) => deleteActor(em, id, { passwordHash }), viewActorRef);
  ctx.origin.setSessionCookie?.(null, new Date(0));
  return deleted;
}

/** Nobody stops a person who may do more than they. */
const refuseBeyondOwn = (ctx: Call) => (role: string) => {
  if (!mayGrant(ctx.access, role)) fail('GRANT_EXCEEDS_OWN', { granted: `the role ${role}` });
};

export const actors = router({
  /** The public profile of a person or an organization. */
  get: instance.query(
    'actors.get',
    { actorId: uuid },
    async ({ ctx, input }) =>
      (await readActor(ctx.reads, input.actorId)) ?? fail('NOT_FOUND', { thing: 'actor' }),
  ),

  /**
   * Who these ids are, in any order, for what names people by their ids alone; deleted accounts as they are called
   * since, ids of nobody left out.
   */
  named: instance.query(
    'actors.named',
    { actorIds: z.array(uuid).min(1).max(200) },
    async ({ ctx, input }) => ({ items: await nameActors(ctx.reads, input.actorIds) }),
  ),

  /** Active people and organizations whose username or name begins with `text`: to add or mention them. */
  search: instance.query(
    'actors.search',
    { text: searchText, limit: z.number().int().min(1).max(50).default(10) },
    async ({ ctx, input }) => ({ items: await searchActors(ctx.reads, input.text, input.limit) }),
  ),

  /**
   * All people and organizations with their accounts, newest first: those whose username, name or address
   * contains `text`, of a kind, with a role held everywhere (`user`: with no other), or in a state; `actorId` is one.
   */
  list: instance.query(
    'actors.list',
    {
      ...page,
      actorId: uuid.optional(),
      text: line(100).optional(),
      kind: z.enum(['person', 'organization']).optional(),
      role: roleName.optional(),
      state: z.enum(['active', 'suspended', 'unverified']).optional(),
    },
    async ({ ctx, input: { cursor, limit, ...filter } }) => {
      const of = { filter, position: readCursor(cursor), limit: limit + 1 };
      return toPage(await listActors(ctx.reads, of), limit, (person) => person);
    },
  ),

  /** Changes what is given of the caller's own profile; `metadata` is replaced as a whole. */
  update: instance.mutation(
    'actors.update',
    {
      name: displayName.optional(),
      orcid: orcid.nullish(),
      institutionId: uuid.nullish(),
      metadata: metadata.optional(),
    },
    ({ ctx, input }) => ctx.write((em) => updateProfile(em, ctx.actor.id, input), viewAccountOf),
  ),

  /** Stops an actor from acting, at once and everywhere; the last administrator cannot be, nor who may do more than the caller. */
  suspend: instance.mutation('actors.suspend', { actorId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => suspendActor(em, input.actorId, refuseBeyondOwn(ctx)), viewAccountOf),
  ),

  /**
   * Deletes a person's account for good: the caller's own, with the password, or, by an administrator,
   * somebody else's. What they wrote stays, as written by a deleted account.
   */
  delete: instance.mutation(
    'actors.delete',
    { actorId: uuid.optional(), password: givenPassword.optional() },
    ({ ctx, input: { actorId, password } }) => {
      if (actorId === undefined || actorId === ctx.actor.id) return deleteOwn(ctx, password);
      if (!mayDeleteOthers(ctx.access)) fail('FORBIDDEN', { permission: 'actors.delete' });
      return ctx.write((em) => deleteActor(em, actorId, { checkRole: refuseBeyondOwn(ctx) }), viewActorRef);
    },
  ),

  /** Lifts a suspension. */
  unsuspend: instance.mutation('actors.unsuspend', { actorId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => unsuspendActor(em, input.actorId), viewAccountOf),
  ),
});
