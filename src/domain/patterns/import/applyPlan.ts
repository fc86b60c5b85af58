import type { EntityManager } from '@mikro-orm/postgresql';
import type { ImportedRow } from '../../../entities/patterns/patternColumns.ts';
import { type PatternKind, patternKinds } from '../../../entities/patterns/patternKinds.ts';
import { isRequired } from '../cardinality.ts';
import { keepHistory } from '../sql/keepHistory.ts';
import type { ImportRow } from './ImportRow.ts';
import { normalizeText } from './normalizeKey.ts';
import type { ImportPlan, NewPattern } from './planImport.ts';
import { type CategoryPlan, insertCategories } from './putCategories.ts';
import { insertParts, type PartRow, type PartTable } from './sql/insertParts.ts';
import { insertPatterns, type PatternRow } from './sql/insertPatterns.ts';
import { mergeRows } from './sql/mergeRows.ts';

/** Patterns in one statement: a few megabytes of JSON, and a moment in which to stop. */
const batchSize = 1_000;

export interface ImportTarget {
  projectId: string;
  actorId: string | null;
}

/** Token → id of each pattern that parts may be; see `ReferenceIndex`. */
export type TokenIds = Record<PatternKind, Map<string, string>>;

const toStored = ({ project, hash, identifier, name, row }: ImportRow): ImportedRow => ({
  project,
  hash,
  identifier,
  name,
  row,
});

const byProject = (a: ImportedRow, b: ImportedRow) =>
  a.project === b.project ? (a.hash < b.hash ? -1 : 1) : a.project < b.project ? -1 : 1;

function toRow(pattern: NewPattern, categories: CategoryPlan): PatternRow {
  const { id, importKey, identifier, from } = pattern;
  const rows = pattern.rows.map(toStored).toSorted(byProject);
  const projects = [...new Set(rows.map((row) => row.project))].filter((project) => project !== '');
  return {
    id,
    importKey,
    identifier,
    name: from.name,
    description: from.description,
    uri: from.uri,
    rdfType: from.rdfType,
    ontologyPath: from.ontologyPath,
    categoryId: from.category ? (categories.ids.get(normalizeText(from.category)) ?? null) : null,
    metadata: { import: { projects } },
    originalData: { rows },
  };
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += batchSize) yield items.slice(start, start + batchSize);
}

/** The parts of new wholes as rows; every token that a plan holds has an id by then. */
function toParts(
  patterns: readonly NewPattern[],
  ids: TokenIds,
): { fields: PartRow[]; collections: PartRow[] } {
  const find = (kind: PatternKind, token: string) => {
    const id = ids[kind].get(token);
    if (id === undefined)
      throw new Error(`The plan of an import refers to ${token}, which it does not make.`);
    return id;
  };
  return {
    fields: patterns.flatMap((pattern) =>
      pattern.fields.map(({ token, cardinality }, orderIndex) => ({
        whole: pattern.id,
        part: find('field', token),
        cardinality,
        required: isRequired(cardinality),
        orderIndex,
      })),
    ),
    collections: patterns.flatMap((pattern) =>
      pattern.collections.map((token, orderIndex) => ({
        whole: pattern.id,
        part: find('collection', token),
        orderIndex,
      })),
    ),
  };
}

const fieldTables: Record<PatternKind, PartTable | null> = {
  field: null,
  collection: 'collection_fields',
  model: 'model_fields',
};

/**
 * Does what a plan says, in batches. Each pattern that is made or added to gets a row in its history.
 * @param ids is added to
 * @param onDone told how many patterns are done; may throw to stop
 */
export async function applyPlan(
  em: EntityManager,
  target: ImportTarget,
  plan: ImportPlan,
  { ids, categories }: { ids: TokenIds; categories: CategoryPlan },
  onDone: (patterns: number) => void,
): Promise<void> {
  await insertCategories(em, target, categories.missing);
  let done = 0;
  for (const kind of patternKinds) {
    const { created, merged } = plan[kind];
    const table = fieldTables[kind];
    for (const { id, importKey } of created) ids[kind].set(importKey, id);
    for (const batch of batches(created)) {
      await insertPatterns(
        em,
        kind,
        target,
        batch.map((pattern) => toRow(pattern, categories)),
      );
      const parts = toParts(batch, ids);
      if (table) await insertParts(em, table, parts.fields);
      await insertParts(em, 'model_collections', parts.collections);
      await keepHistory(
        em,
        kind,
        batch.map((pattern) => pattern.id),
        'create',
      );
      onDone((done += batch.length));
    }
    for (const batch of batches(merged)) {
      const changed = await mergeRows(
        em,
        kind,
        batch.map(({ id, rows }) => ({ id, rows: rows.map(toStored) })),
      );
      await keepHistory(em, kind, changed, 'update');
      onDone((done += batch.length));
    }
  }
}
