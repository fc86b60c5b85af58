import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { ImportReport } from '../../../entities/patterns/PatternImportRun.ts';
import { type PatternKind, patternKinds } from '../../../entities/patterns/patternKinds.ts';
import { applyPlan, type ImportTarget, type TokenIds } from './applyPlan.ts';
import type { RejectedRow } from './ImportRow.ts';
import { type Known, planImport } from './planImport.ts';
import { planCategories } from './putCategories.ts';
import type { ReadFile } from './readFile.ts';
import { findKnown } from './sql/findKnown.ts';

export interface ImportResult {
  report: ImportReport;
  rejected: RejectedRow[];
}

/** Imports into one project run one after the other: each plans with what the one before made. */
async function lockImports(em: EntityManager, projectId: string): Promise<void> {
  await executePrepared(em, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `imports:${projectId}`,
  ]);
}

/**
 * Imports the rows of files into a project, all or none.
 * @param options.isDryRun finds out what would happen, and does none of it
 * @param options.onProgress told how many of the patterns are done that are made or added to; may throw to stop
 */
export async function runImport(
  em: EntityManager,
  target: ImportTarget,
  files: Record<PatternKind, ReadFile>,
  options: { isDryRun: boolean; onProgress?: (done: number, of: number) => void },
): Promise<ImportResult> {
  await lockImports(em, target.projectId);
  const known: Partial<Record<PatternKind, Known>> = {};
  const ids: Partial<TokenIds> = {};
  for (const kind of patternKinds) {
    const found = await findKnown(em, kind, target.projectId);
    known[kind] = found.known;
    ids[kind] = found.ids;
  }
  const plan = planImport(files, known as Record<PatternKind, Known>);
  const created = patternKinds.flatMap((kind) => plan[kind].created);
  const names = created.flatMap(({ from }) => from.category ?? []);
  const categories = await planCategories(em, target.projectId, names);
  if (!options.isDryRun) {
    const total = created.length + patternKinds.reduce((sum, kind) => sum + plan[kind].merged.length, 0);
    await applyPlan(em, target, plan, { ids: ids as TokenIds, categories }, (done) =>
      options.onProgress?.(done, total),
    );
  }
  return {
    report: {
      field: plan.field.counts,
      collection: plan.collection.counts,
      model: plan.model.counts,
      categoriesCreated: categories.missing.length,
    },
    rejected: patternKinds.flatMap((kind) => plan[kind].rejected),
  };
}
