import type pg from 'pg';
import { z } from 'zod';
import { createProject } from '../domain/projects/createProject.ts';
import { deleteProject, restoreProject } from '../domain/projects/deleteProject.ts';
import { identifierPattern } from '../domain/projects/identifier.ts';
import { updateProject } from '../domain/projects/updateProject.ts';
import { LogWatch } from '../events/watch.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { type Page, page, readCursor, toPage } from '../views/paging.ts';
import { type ProjectView, viewProject } from '../views/projects.ts';
import { getProject } from '../views/sql/getProject.ts';
import { listProjects } from '../views/sql/listProjects.ts';
import type { Call } from './Call.ts';
import { pageOfActivity } from './pageOfActivity.ts';
import { freeText, line } from './freeText.ts';
import { metadata } from './metadata.ts';
import { transferProcedures } from './projectTransfers.ts';
import { instance, project, router } from './trpc.ts';

const columns = {
  identifier: z
    .string()
    .regex(identifierPattern, 'lower-case letters, digits and hyphens, 60 at most')
    .optional(),
  description: freeText(10_000).optional(),
  homepage: z
    .url({ protocol: /^https?$/ })
    .max(255)
    .nullish(),
  repositoryUrl: line(255).nullish(),
  visibility: z.enum(['public', 'private']).optional(),
  sourceLanguage: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'a BCP 47 language tag such as en or pt-BR')
    .max(35)
    .optional(),
  metadata: metadata.optional(),
};

async function pageOfProjects(
  ctx: Call,
  { cursor, limit }: { cursor?: string | null | undefined; limit: number },
  filter: { own: boolean; text: string | null; deleted?: boolean },
): Promise<Page<ProjectView>> {
  const rows = await listProjects(ctx.reads, {
    ...filter,
    scope: ctx.access.projectsWhere(filter.deleted ? 'projects.restore' : 'projects.get'),
    after: readCursor(cursor),
    limit: limit + 1,
  });
  return toPage(rows, limit, (row) => row);
}

// One function each for all who watch.
const everyEvent = () => true;
const projectAsItStands = async (client: pg.ClientBase, projectId: string) => ({
  project: (await getProject(client, projectId)) ?? fail('NOT_FOUND', { thing: 'project' }),
});

export const projects = router({
  /** Makes a project; the caller becomes its owner. `identifier` defaults to a slug of the name. */
  create: instance.mutation(
    'projects.create',
    { id: uuid.optional(), name: line(255), ...columns },
    ({ ctx, input }) => ctx.write((em) => createProject(em, ctx.actor, input), viewProject),
  ),

  /** One project, with counts of members, open threads and running jobs. */
  get: project.query(
    'projects.get',
    {},
    async ({ ctx }) =>
      (await getProject(ctx.reads, ctx.projectId)) ?? fail('NOT_FOUND', { thing: 'project' }),
  ),

  /**
   * The caller's projects, in person or through an organization, newest first; who may see every project lists all.
   * With `deleted`, the deleted ones that they may restore.
   */
  list: instance.query(
    'projects.list',
    { ...page, deleted: z.boolean().default(false) },
    ({ ctx, input: { deleted, ...place } }) => pageOfProjects(ctx, place, { own: true, text: null, deleted }),
  ),

  /** Projects that the caller may see, public ones included, whose name or identifier contains `text`. */
  search: instance.query('projects.search', { ...page, text: line(100) }, ({ ctx, input }) =>
    pageOfProjects(ctx, input, { own: false, text: input.text }),
  ),

  /** Changes what is given. Send the `version` you read, and a change in between is a VERSION_CLASH. */
  update: project.mutation(
    'projects.update',
    {
      ...columns,
      name: line(255).optional(),
      forkRepoUrl: line(255).nullish(),
      gitProvider: line(50).nullish(),
      version: z.number().int().optional(),
    },
    ({ ctx, input: { projectId: _, mutationId: __, ...changes } }) =>
      ctx.write((em) => updateProject(em, ctx.projectId, changes), viewProject),
  ),

  ...transferProcedures,

  /** Deletes softly: nobody reaches the project until it is restored. */
  delete: project.mutation('projects.delete', {}, ({ ctx }) =>
    ctx.write((em) => deleteProject(em, ctx.projectId), viewProject),
  ),

  /** Takes a deleted project back. */
  restore: project.mutation('projects.restore', {}, ({ ctx }) =>
    ctx.write((em) => restoreProject(em, ctx.projectId), viewProject),
  ),

  /**
   * What happened in the project, newest first: the events that the caller may read, with who caused each.
   * What was deleted since is left out.
   */
  activity: project.query('projects.activity', page, ({ ctx, input }) => pageOfActivity(ctx, input)),

  /** Everything in the project's stream that the caller may read: first `{ type: 'snapshot', seq, project }`, then events. */
  watch: project.subscription('projects.watch', {}, ({ ctx, input }) => {
    return new LogWatch(ctx.feed, {
      stream: `project:${ctx.projectId}`,
      wants: everyEvent,
      snapshot: projectAsItStands,
      reauthorizer: ctx.reauthorizer('projects.watch'),
      lastEventId: input.lastEventId ?? undefined,
    });
  }),
});
