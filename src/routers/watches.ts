import { removeWatch, setWatch } from '../domain/social/changeWatch.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { watchLevel } from '../views/social.ts';
import { listWatches } from '../views/sql/listWatches.ts';
import { instance, project, router } from './trpc.ts';

export const watches = router({
  /**
   * Says how much the caller wants to hear of the project. `all`: of every new thread, issue and comment;
   * `participating`: of what they take part in, as without a choice; `none`: of nothing but mentions of them.
   */
  set: project.mutation('watches.set', { level: watchLevel }, ({ ctx, input }) =>
    ctx.write(
      (em) => setWatch(em, ctx.actor, { projectId: ctx.projectId, level: input.level }),
      (choice) => choice,
    ),
  ),

  /** Takes the choice back: the caller hears of what they take part in. */
  remove: project.mutation('watches.remove', {}, ({ ctx }) =>
    ctx.write(
      (em) => removeWatch(em, ctx.actor, ctx.projectId),
      () => ({ projectId: ctx.projectId }),
    ),
  ),

  /** Projects for which the caller chose a level and that they can still see, the last one first; or that of `projectId`. */
  list: instance.query('watches.list', { ...page, projectId: uuid.optional() }, async ({ ctx, input }) => {
    const rows = await listWatches(ctx.reads, {
      userId: ctx.actor.id,
      scope: ctx.access.projectsWhere('projects.get'),
      projectId: input.projectId ?? null,
      position: readCursor(input.cursor),
      limit: input.limit + 1,
    });
    const paged = rows.map((watch) => ({ id: watch.project.id, createdAt: watch.createdAt, watch }));
    return toPage(paged, input.limit, ({ watch }) => watch);
  }),
});
