import { uuid } from '../views/columns.ts';
import { page } from '../views/paging.ts';
import { create, remove, restore, update } from './changeNoun.ts';
import { getNoun, pageOfHistory, pageOfNouns, pageOfUses } from './nounCalls.ts';
import { asOf, nounPage, nounShape, patternName, versionSeen } from './patternFields.ts';
import { project, router } from './trpc.ts';

const shape = { ...nounShape, parentId: uuid.nullish() };

export const categories = router({
  /** Makes a category, below another or (without `parentId`) as a root of the tree. */
  create: project.mutation(
    'categories.create',
    { id: uuid.optional(), name: patternName, ...shape },
    ({ ctx, input }) => create(ctx, 'category', input),
  ),

  /** A category with the way to it from the root; with `asOf` as it was then. */
  get: project.query('categories.get', { categoryId: uuid, asOf }, ({ ctx, input }) =>
    getNoun(ctx, 'category', input.categoryId, input.asOf),
  ),

  /** The project's categories, or those right below one (null: the roots), newest first; with `deleted`, the deleted ones. */
  list: project.query('categories.list', { ...nounPage, parentId: uuid.nullish() }, ({ ctx, input }) =>
    pageOfNouns(ctx, 'category', input),
  ),

  /** Changes what is given; `parentId` moves it with all below it (null: to the root). */
  update: project.mutation(
    'categories.update',
    { categoryId: uuid, ...shape, name: patternName.optional(), version: versionSeen },
    ({ ctx, input: { projectId: _, mutationId: __, categoryId, ...changes } }) =>
      update(ctx, 'category', categoryId, changes),
  ),

  /** Deletes a category below which nothing stands and that no pattern is in. */
  delete: project.mutation('categories.delete', { categoryId: uuid }, ({ ctx, input }) =>
    remove(ctx, 'category', input.categoryId),
  ),

  /** Takes a deleted category back to where it stood. */
  restore: project.mutation('categories.restore', { categoryId: uuid }, ({ ctx, input }) =>
    restore(ctx, 'category', input.categoryId),
  ),

  /** Every version of a category, newest first: who changed what, and how it was then. */
  history: project.query('categories.history', { ...page, categoryId: uuid }, ({ ctx, input }) =>
    pageOfHistory(ctx, 'category', input.categoryId, input),
  ),

  /** The categories right below a category, and the patterns in it. */
  whereUsed: project.query('categories.whereUsed', { ...page, categoryId: uuid }, ({ ctx, input }) =>
    pageOfUses(ctx, 'category', input.categoryId, input),
  ),
});
