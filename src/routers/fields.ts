import { z } from 'zod';
import { setSemantics } from '../domain/patterns/setSemantics.ts';
import { semanticRelations } from '../entities/patterns/FieldSemantic.ts';
import { uuid } from '../views/columns.ts';
import { page } from '../views/paging.ts';
import { adopt, create, remove, restore, update } from './changeNoun.ts';
import { getNoun, pageOfHistory, pageOfNouns, pageOfUses } from './nounCalls.ts';
import { asOf, mostSemantics, nounPage, patternName, patternShape, versionSeen } from './patternFields.ts';
import { project, router } from './trpc.ts';

const shape = { ...patternShape, vocabularyId: uuid.nullish() };

export const fields = router({
  /** Makes a field; `identifier` defaults to one made from the name. */
  create: project.mutation(
    'fields.create',
    { id: uuid.optional(), name: patternName, ...shape },
    ({ ctx, input }) => create(ctx, 'field', input),
  ),

  /** A field with its meaning, what it was imported from, and where it was adopted from; with `asOf` as it was then. */
  get: project.query('fields.get', { fieldId: uuid, asOf }, ({ ctx, input }) =>
    getNoun(ctx, 'field', input.fieldId, input.asOf),
  ),

  /** The project's fields, or those of a category (null: of none), newest first; with `deleted`, the deleted ones. */
  list: project.query('fields.list', { ...nounPage, categoryId: uuid.nullish() }, ({ ctx, input }) =>
    pageOfNouns(ctx, 'field', input),
  ),

  /** Changes what is given. Send the `version` you read, and a change in between is a VERSION_CLASH. */
  update: project.mutation(
    'fields.update',
    { fieldId: uuid, ...shape, name: patternName.optional(), version: versionSeen },
    ({ ctx, input: { projectId: _, mutationId: __, fieldId, ...changes } }) =>
      update(ctx, 'field', fieldId, changes),
  ),

  /** Deletes a field that no model or collection of the project contains; copies in other projects stay. */
  delete: project.mutation('fields.delete', { fieldId: uuid }, ({ ctx, input }) =>
    remove(ctx, 'field', input.fieldId),
  ),

  /** Takes a deleted field back as it was. */
  restore: project.mutation('fields.restore', { fieldId: uuid }, ({ ctx, input }) =>
    restore(ctx, 'field', input.fieldId),
  ),

  /** Every version of a field, newest first: who changed what, and how it was then. */
  history: project.query('fields.history', { ...page, fieldId: uuid }, ({ ctx, input }) =>
    pageOfHistory(ctx, 'field', input.fieldId, input),
  ),

  /** The models and collections that contain a field, and its copies in other projects that the caller may see. */
  whereUsed: project.query('fields.whereUsed', { ...page, fieldId: uuid }, ({ ctx, input }) =>
    pageOfUses(ctx, 'field', input.fieldId, input),
  ),

  /** Copies another project's field, with its meaning, into this one; adopting it again answers the same copy. */
  adopt: project.mutation('fields.adopt', { fromProjectId: uuid, fieldId: uuid }, ({ ctx, input }) =>
    adopt(ctx, 'field', { fromProjectId: input.fromProjectId, id: input.fieldId }),
  ),

  /** Says what a field means, in order, in terms of the project's ontologies; what was said before is replaced. */
  setSemantics: project.mutation(
    'fields.setSemantics',
    {
      fieldId: uuid,
      semantics: z
        .array(z.strictObject({ classId: uuid, relation: z.enum(semanticRelations) }))
        .max(mostSemantics),
      version: versionSeen,
    },
    ({ ctx, input }) =>
      ctx.write(
        (em) => setSemantics(em, { projectId: ctx.projectId, id: input.fieldId }, input),
        (view) => view(),
      ),
  ),
});
