import { removeStar, setStar } from '../domain/social/changeStar.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listStars } from '../views/sql/listStars.ts';
import { instance, project, router } from './trpc.ts';

export const stars = router({
  /** Gives the project the caller's star; once however often it is called. */
  set: project.mutation('stars.set', {}, ({ ctx }) =>
    ctx.write(
      (em) => setStar(em, ctx.actor, ctx.projectId),
      (star) => star,
    ),
  ),

  /** Takes the caller's star away; it need not be there. */
  remove: project.mutation('stars.remove', {}, ({ ctx }) =>
    ctx.write(
      (em) => removeStar(em, ctx.actor, ctx.projectId),
      () => ({ projectId: ctx.projectId }),
    ),
  ),

  /** Projects that the caller starred and can still see, the last one first; with `projectId` whether that one is. */
  list: instance.query('stars.list', { ...page, projectId: uuid.optional() }, async ({ ctx, input }) => {
    const rows = await listStars(ctx.reads, {
      userId: ctx.actor.id,
      scope: ctx.access.projectsWhere('projects.get'),
      projectId: input.projectId ?? null,
      position: readCursor(input.cursor),
      limit: input.limit + 1,
    });
    const paged = rows.map((star) => ({ id: star.project.id, createdAt: star.createdAt, star }));
    return toPage(paged, input.limit, ({ star }) => star);
  }),
});
