import { setCollections } from '../domain/patterns/setCollections.ts';
import { setFields } from '../domain/patterns/setFields.ts';
import { uuid } from '../views/columns.ts';
import { page } from '../views/paging.ts';
import { adopt, create, remove, restore, update } from './changeNoun.ts';
import { getNoun, pageOfHistory, pageOfNouns, pageOfUses } from './nounCalls.ts';
import {
  asOf,
  collectionParts,
  fieldParts,
  nounPage,
  patternName,
  patternShape,
  versionSeen,
} from './patternFields.ts';
import { project, router } from './trpc.ts';

export const models = router({
  /** Makes a model without fields; `identifier` defaults to one made from the name. */
  create: project.mutation(
    'models.create',
    { id: uuid.optional(), name: patternName, ...patternShape },
    ({ ctx, input }) => create(ctx, 'model', input),
  ),

  /** A model with its fields and collections in their order; with `asOf` as it was then. */
  get: project.query('models.get', { modelId: uuid, asOf }, ({ ctx, input }) =>
    getNoun(ctx, 'model', input.modelId, input.asOf),
  ),

  /** The project's models, or those of a category (null: of none), newest first; with `deleted`, the deleted ones. */
  list: project.query('models.list', { ...nounPage, categoryId: uuid.nullish() }, ({ ctx, input }) =>
    pageOfNouns(ctx, 'model', input),
  ),

  /** Changes what is given. Send the `version` you read, and a change in between is a VERSION_CLASH. */
  update: project.mutation(
    'models.update',
    { modelId: uuid, ...patternShape, name: patternName.optional(), version: versionSeen },
    ({ ctx, input: { projectId: _, mutationId: __, modelId, ...changes } }) =>
      update(ctx, 'model', modelId, changes),
  ),

  /** Deletes a model; its fields and collections stay, and so do copies in other projects. */
  delete: project.mutation('models.delete', { modelId: uuid }, ({ ctx, input }) =>
    remove(ctx, 'model', input.modelId),
  ),

  /** Takes a deleted model back as it was; what it is made of must be there. */
  restore: project.mutation('models.restore', { modelId: uuid }, ({ ctx, input }) =>
    restore(ctx, 'model', input.modelId),
  ),

  /** Every version of a model, newest first: who changed what, and how it was then. */
  history: project.query('models.history', { ...page, modelId: uuid }, ({ ctx, input }) =>
    pageOfHistory(ctx, 'model', input.modelId, input),
  ),

  /** The copies of a model in other projects that the caller may see. */
  whereUsed: project.query('models.whereUsed', { ...page, modelId: uuid }, ({ ctx, input }) =>
    pageOfUses(ctx, 'model', input.modelId, input),
  ),

  /** Copies another project's model with all that it is made of; adopting it again answers the same copy. */
  adopt: project.mutation('models.adopt', { fromProjectId: uuid, modelId: uuid }, ({ ctx, input }) =>
    adopt(ctx, 'model', { fromProjectId: input.fromProjectId, id: input.modelId }),
  ),

  /**
   * Makes these fields, in this order, the fields of a model. The cardinality is `1`, `?`, `+` or `*` (if it is
   * left out, `+` for a required field and `*` for any other); 1 and + mean required, so `required` may be left out.
   */
  setFields: project.mutation(
    'models.setFields',
    { modelId: uuid, fields: fieldParts, version: versionSeen },
    ({ ctx, input }) =>
      ctx.write(
        (em) => setFields(em, 'model', { projectId: ctx.projectId, id: input.modelId }, input),
        (view) => view(),
      ),
  ),

  /** Makes these collections, in this order, the collections of a model. */
  setCollections: project.mutation(
    'models.setCollections',
    { modelId: uuid, collections: collectionParts, version: versionSeen },
    ({ ctx, input }) =>
      ctx.write(
        (em) =>
          setCollections(
            em,
            { projectId: ctx.projectId, id: input.modelId },
            { collectionIds: input.collections.map((part) => part.collectionId), version: input.version },
          ),
        (view) => view(),
      ),
  ),
});
