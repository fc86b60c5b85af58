import { addTerm, removeTerm, updateTerm } from '../domain/patterns/terms.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { viewTerm } from '../views/patterns.ts';
import { listTerms } from '../views/sql/patterns/listTerms.ts';
import { create, remove, restore, update } from './changeNoun.ts';
import { getNoun, pageOfHistory, pageOfNouns, pageOfUses } from './nounCalls.ts';
import { asOf, iri, nounPage, nounShape, patternName, versionSeen } from './patternFields.ts';
import { project, router } from './trpc.ts';

const shape = { ...nounShape, uri: iri.nullish() };
const termShape = { ...shape, broaderId: uuid.nullish() };

export const vocabularies = router({
  /** Makes a vocabulary without terms; `identifier` defaults to one made from the name. */
  create: project.mutation(
    'vocabularies.create',
    { id: uuid.optional(), name: patternName, ...shape },
    ({ ctx, input }) => create(ctx, 'vocabulary', input),
  ),

  /** A vocabulary; with `asOf` as it was then. `vocabularies.terms` lists its terms. */
  get: project.query('vocabularies.get', { vocabularyId: uuid, asOf }, ({ ctx, input }) =>
    getNoun(ctx, 'vocabulary', input.vocabularyId, input.asOf),
  ),

  /** The project's vocabularies, newest first; with `deleted`, the deleted ones. */
  list: project.query('vocabularies.list', nounPage, ({ ctx, input }) =>
    pageOfNouns(ctx, 'vocabulary', input),
  ),

  /** Changes what is given. Send the `version` you read, and a change in between is a VERSION_CLASH. */
  update: project.mutation(
    'vocabularies.update',
    { vocabularyId: uuid, ...shape, name: patternName.optional(), version: versionSeen },
    ({ ctx, input: { projectId: _, mutationId: __, vocabularyId, ...changes } }) =>
      update(ctx, 'vocabulary', vocabularyId, changes),
  ),

  /** Deletes a vocabulary that no field takes its values from. */
  delete: project.mutation('vocabularies.delete', { vocabularyId: uuid }, ({ ctx, input }) =>
    remove(ctx, 'vocabulary', input.vocabularyId),
  ),

  /** Takes a deleted vocabulary back with its terms. */
  restore: project.mutation('vocabularies.restore', { vocabularyId: uuid }, ({ ctx, input }) =>
    restore(ctx, 'vocabulary', input.vocabularyId),
  ),

  /** Every version of a vocabulary, newest first; what happened to its terms stands in `changes`. */
  history: project.query('vocabularies.history', { ...page, vocabularyId: uuid }, ({ ctx, input }) =>
    pageOfHistory(ctx, 'vocabulary', input.vocabularyId, input),
  ),

  /** The fields that take their values from a vocabulary. */
  whereUsed: project.query('vocabularies.whereUsed', { ...page, vocabularyId: uuid }, ({ ctx, input }) =>
    pageOfUses(ctx, 'vocabulary', input.vocabularyId, input),
  ),

  /** Adds a term, below a broader one or at the root; `identifier` defaults to one made from the name. */
  addTerm: project.mutation(
    'vocabularies.addTerm',
    { id: uuid.optional(), vocabularyId: uuid, name: patternName, ...termShape },
    ({ ctx, input }) => ctx.write((em) => addTerm(em, { ...input, projectId: ctx.projectId }), viewTerm),
  ),

  /** Changes what is given of a term; `broaderId` moves it with all below it (null: to the root). */
  updateTerm: project.mutation(
    'vocabularies.updateTerm',
    { termId: uuid, ...termShape, name: patternName.optional(), version: versionSeen },
    ({ ctx, input: { projectId: _, mutationId: __, termId, ...changes } }) =>
      ctx.write((em) => updateTerm(em, { projectId: ctx.projectId, termId }, changes), viewTerm),
  ),

  /** Takes a term away below which none stands. */
  removeTerm: project.mutation('vocabularies.removeTerm', { termId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => removeTerm(em, { projectId: ctx.projectId, termId: input.termId }), viewTerm),
  ),

  /**
   * Terms of a vocabulary, oldest first, each with the way to it from the root: all, those at any depth below
   * `broaderId`, or (null) the roots.
   */
  terms: project.query(
    'vocabularies.terms',
    { ...page, vocabularyId: uuid, broaderId: uuid.nullish() },
    async ({ ctx, input }) => {
      const rows = await listTerms(ctx.reads, {
        projectId: ctx.projectId,
        vocabularyId: input.vocabularyId,
        broaderId: input.broaderId,
        position: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      return rows ? toPage(rows, input.limit, (row) => row) : fail('NOT_FOUND', { thing: 'vocabulary' });
    },
  ),
});
