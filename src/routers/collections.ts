import { setFields } from '../domain/patterns/setFields.ts';
import { uuid } from '../views/columns.ts';
import { page } from '../views/paging.ts';
import { adopt, create, remove, restore, update } from './changeNoun.ts';
import { getNoun, pageOfHistory, pageOfNouns, pageOfUses } from './nounCalls.ts';
import { asOf, fieldParts, nounPage, patternName, patternShape, versionSeen } from './patternFields.ts';
import { project, router } from './trpc.ts';

export const collections = router({
  /** Makes a collection without fields; `identifier` defaults to one made from the name. */
  create: project.mutation(
    'collections.create',
    { id: uuid.optional(), name: patternName, ...patternShape },
    ({ ctx, input }) => create(ctx, 'collection', input),
  ),

  /** A collection with its fields in their order; with `asOf` as it was then. */
  get: project.query('collections.get', { collectionId: uuid, asOf }, ({ ctx, input }) =>
    getNoun(ctx, 'collection', input.collectionId, input.asOf),
  ),

  /** The project's collections, or those of a category (null: of none), newest first; with `deleted`, the deleted ones. */
  list: project.query('collections.list', { ...nounPage, categoryId: uuid.nullish() }, ({ ctx, input }) =>
    pageOfNouns(ctx, 'collection', input),
  ),

  /** Changes what is given. Send the `version` you read, and a change in between is a VERSION_CLASH. */
  update: project.mutation(
    'collections.update',
    { collectionId: uuid, ...patternShape, name: patternName.optional(), version: versionSeen },
    ({ ctx, input: { projectId: _, mutationId: __, collectionId, ...changes } }) =>
      update(ctx, 'collection', collectionId, changes),
  ),

  /** Deletes a collection that no model of the project contains; copies in other projects stay. */
  delete: project.mutation('collections.delete', { collectionId: uuid }, ({ ctx, input }) =>
    remove(ctx, 'collection', input.collectionId),
  ),

  /** Takes a deleted collection back as it was; its fields must be there. */
  restore: project.mutation('collections.restore', { collectionId: uuid }, ({ ctx, input }) =>
    restore(ctx, 'collection', input.collectionId),
  ),

  /** Every version of a collection, newest first: who changed what, and how it was then. */
  history: project.query('collections.history', { ...page, collectionId: uuid }, ({ ctx, input }) =>
    pageOfHistory(ctx, 'collection', input.collectionId, input),
  ),

  /** The models that contain a collection, and its copies in other projects that the caller may see. */
  whereUsed: project.query('collections.whereUsed', { ...page, collectionId: uuid }, ({ ctx, input }) =>
    pageOfUses(ctx, 'collection', input.collectionId, input),
  ),

  /** Copies another project's collection with its fields; adopting it again answers the same copy. */
  adopt: project.mutation(
    'collections.adopt',
    { fromProjectId: uuid, collectionId: uuid },
    ({ ctx, input }) =>
      adopt(ctx, 'collection', { fromProjectId: input.fromProjectId, id: input.collectionId }),
  ),

  /** Makes these fields, in this order, the fields of a collection; see `models.setFields`. */
  setFields: project.mutation(
    'collections.setFields',
    { collectionId: uuid, fields: fieldParts, version: versionSeen },
    ({ ctx, input }) =>
      ctx.write(
        (em) => setFields(em, 'collection', { projectId: ctx.projectId, id: input.collectionId }, input),
        (view) => view(),
      ),
  ),
});
