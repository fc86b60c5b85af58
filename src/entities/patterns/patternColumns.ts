/** What fields, models and collections have in common: their columns, and how each kind is indexed. */
import { p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, text, updatedAt } from '../columns.ts';
import { deletedIndex } from '../deletedIndex.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { isKept, searchIndexes } from '../searchIndexes.ts';
import { Category } from './Category.ts';

/** A row of a file that a pattern was imported from, as it stood there. */
export interface ImportedRow {
  /** Name of the project that it came from, as the file or the importer says; '' where neither does. */
  project: string;
  /** MD5 over project and row: a row that is imported again is known by it. */
  hash: string;
  /** What it is called there: other rows of that project refer to it so. */
  identifier: string | null;
  name: string;
  /** Header → cell. */
  row: Record<string, string>;
}

/** What an import keeps of the rows that a pattern was made of, by project and hash. */
export interface OriginalData {
  rows: ImportedRow[];
}

/** Weights of the full-text search: name and identifier count more than the description. */
const searchExpression = `(setweight(to_tsvector('simple'::regconfig, (((name)::text || ' '::text) || (identifier)::text)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, description), 'B'::"char"))`;

/** For the search; the database computes it, and the unit of work never reads it. */
export const searchColumn = () =>
  p.string().columnType('tsvector').generated(`${searchExpression} stored`).nullable().lazy().hidden();

/** Columns of a pattern, besides those of its kind alone. */
export const patternColumns = () => ({
  id: id(),
  projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
  name: text(255),
  /** Unique in the project, among what is not deleted. */
  identifier: text(255),
  description: p.text().default(''),
  uri: text(500).nullable(),
  rdfType: text(255).nullable(),
  ontologyPath: text(500).nullable(),
  categoryId: () => p.manyToOne(Category).mapToPk().nullable().deleteRule('set null').index(),
  authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
  metadata: metadata(),
  originalData: p.json().$type<OriginalData>().nullable().lazy(),
  /** MD5 over the key fields that an import told this pattern from others by; null: it was not imported. */
  importKey: text(32).nullable(),
  search: searchColumn(),
  rowVersion: p.integer().version(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  deletedAt: deletedAt(),
});

/** Indexes of a table of patterns: for lists, by identifier and name, and for search. */
export function patternIndexes(table: 'fields' | 'models' | 'collections') {
  const index = (name: string, on: string) => ({
    name: `${table}_${name}_index`,
    expression: `create index "${table}_${name}_index" on "${table}" ${on}`,
  });
  const unique = (name: string, on: string) => ({
    name: `${table}_${name}_unique`,
    expression: `create unique index "${table}_${name}_unique" on "${table}" ${on}`,
  });
  return {
    indexes: [
      index('project_id_created_at', '("project_id", "created_at", "id")'),
      index('identifier', '("identifier")'),
      index('name_project_id', '("name", "project_id")'),
      index('search', 'using gin ("search")'),
      deletedIndex(table),
      ...searchIndexes(table, { name: 'name', vector: null, beside: 'project_id', where: isKept }),
    ],
    uniques: [
      unique('identifier', '("project_id", "identifier") where "deleted_at" is null'),
      unique(
        'import_key',
        '("project_id", "import_key") where "deleted_at" is null and "import_key" is not null',
      ),
    ],
  };
}
