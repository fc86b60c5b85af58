import { z } from 'zod';
import { suspendActor, unsuspendActor } from '../domain/identity/suspendActor.ts';
import { updateProfile } from '../domain/identity/updateProfile.ts';
import { viewAccountOf } from '../domain/identity/viewAccountOf.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { readActor } from '../views/sql/readActor.ts';
import { searchActors } from '../views/sql/searchActors.ts';
import { displayName, orcid, searchText } from './identityFields.ts';
import { metadata } from './metadata.ts';
import { instance, router } from './trpc.ts';

export const actors = router({
  /** The public profile of a person or an organization. */
  get: instance.query(
    'actors.get',
    { actorId: uuid },
    async ({ ctx, input }) =>
      (await readActor(ctx.reads, input.actorId)) ?? fail('NOT_FOUND', { thing: 'actor' }),
  ),

  /** Active people and organizations whose username or name begins with `text`: to add or mention them. */
  search: instance.query(
    'actors.search',
    { text: searchText, limit: z.number().int().min(1).max(50).default(10) },
    async ({ ctx, input }) => ({ items: await searchActors(ctx.reads, input.text, input.limit) }),
  ),

  /** Changes what is given of the caller's own profile; `metadata` is replaced as a whole. */
  update: instance.mutation(
    'actors.update',
    { name: displayName.optional(), orcid: orcid.nullish(), metadata: metadata.optional() },
    ({ ctx, input }) => ctx.write((em) => updateProfile(em, ctx.actor.id, input), viewAccountOf),
  ),

  /** Stops an actor from acting, at once and everywhere; the last administrator cannot be suspended. */
  suspend: instance.mutation('actors.suspend', { actorId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => suspendActor(em, input.actorId), viewAccountOf),
  ),

  /** Lifts a suspension. */
  unsuspend: instance.mutation('actors.unsuspend', { actorId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => unsuspendActor(em, input.actorId), viewAccountOf),
  ),
});
