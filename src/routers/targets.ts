import { createTarget } from '../domain/translation/createTarget.ts';
import { deleteTarget, pauseTarget, resumeTarget, updateTarget } from '../domain/translation/changeTarget.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listTargets } from '../views/sql/translation/listTargets.ts';
import { targetStatus, viewTarget } from '../views/translation.ts';
import { branchName, languageCode, publishDomain } from './translationFields.ts';
import { project, router } from './trpc.ts';
import { version } from './workFields.ts';

export const targets = router({
  /** Makes a language one that the documentation is translated into; the branch is `lang-<language>` by default. */
  create: project.mutation(
    'targets.create',
    {
      id: uuid.optional(),
      languageCode,
      publishDomain: publishDomain.nullish(),
      branchName: branchName.optional(),
    },
    ({ ctx, input }) =>
      ctx.write((em) => createTarget(em, { ...input, projectId: ctx.projectId }), viewTarget),
  ),

  /** The project's targets, newest first. */
  list: project.query(
    'targets.list',
    { ...page, status: targetStatus.optional() },
    async ({ ctx, input: { cursor, limit, status } }) => {
      const position = readCursor(cursor);
      const of = { projectId: ctx.projectId, filter: { status }, position, limit: limit + 1 };
      return toPage(await listTargets(ctx.reads, of), limit, (target) => target);
    },
  ),

  /** Changes where a language goes; the language itself stays, for what was recorded belongs to it. */
  update: project.mutation(
    'targets.update',
    {
      targetId: uuid,
      publishDomain: publishDomain.nullish(),
      branchName: branchName.optional(),
      version,
    },
    ({ ctx, input: { targetId, publishDomain: domain, branchName: branch, version: sent } }) =>
      ctx.write(
        (em) =>
          updateTarget(em, {
            projectId: ctx.projectId,
            targetId,
            changes: { publishDomain: domain, branchName: branch },
            version: sent,
          }),
        viewTarget,
      ),
  ),

  /** Stops work on a language: no record is taken for it until it is resumed. */
  pause: project.mutation('targets.pause', { targetId: uuid }, ({ ctx, input: { targetId } }) =>
    ctx.write((em) => pauseTarget(em, { projectId: ctx.projectId, targetId }), viewTarget),
  ),

  /** Lets work on a paused language go on. */
  resume: project.mutation('targets.resume', { targetId: uuid }, ({ ctx, input: { targetId } }) =>
    ctx.write((em) => resumeTarget(em, { projectId: ctx.projectId, targetId }), viewTarget),
  ),

  /** Deletes a target for good, with what was recorded for it; the translation memory stays. */
  delete: project.mutation('targets.delete', { targetId: uuid }, ({ ctx, input: { targetId } }) =>
    ctx.write((em) => deleteTarget(em, { projectId: ctx.projectId, targetId }), viewTarget),
  ),
});
