/** A database in which files of patterns are imported, without the face of a server. */
import { v7 as uuidv7 } from 'uuid';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { transact } from '../../src/database/transaction.ts';
import { type ReadFile, readFile } from '../../src/domain/patterns/import/readFile.ts';
import { type ImportResult, runImport } from '../../src/domain/patterns/import/runImport.ts';
import { type PatternKind, patternKinds } from '../../src/entities/patterns/patternKinds.ts';
import { createDatabase } from './cluster.ts';

/** A file as its header and rows. */
export interface Table {
  header: string[];
  rows: string[][];
}
export type Tables = Partial<Record<PatternKind, Table>>;

const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
export const toCsv = ({ header, rows }: Table) =>
  [header, ...rows].map((row) => row.map(quote).join(',')).join('\n');

export interface ImportWorld extends AsyncDisposable {
  database: Database;
  newProject(): Promise<string>;
  /** Imports tables, or files as they are. */
  run(
    projectId: string,
    files: Tables | Partial<Record<PatternKind, string>>,
    options?: { isDryRun?: boolean; source?: string },
  ): Promise<ImportResult>;
  /** Everything that an import leaves in a project, told without ids and moments. */
  describe(projectId: string): Promise<unknown>;
}

const state = `
with patterns as (
  select 'field' as kind, id, identifier, name, description, uri, rdf_type, ontology_path, category_id, metadata, original_data, import_key,
    row_version, deleted_at, (select count(*)::int from field_history h where h.field_id = t.id) as versions, null::jsonb as fields, null::jsonb as collections
  from fields t where project_id = $1
  union all
  select 'collection', id, identifier, name, description, uri, rdf_type, ontology_path, category_id, metadata, original_data, import_key,
    row_version, deleted_at, (select count(*)::int from collection_history h where h.collection_id = t.id),
    (select jsonb_agg(f.identifier || ' ' || c.cardinality || ' ' || c.required order by c.order_index)
     from collection_fields c join fields f on f.id = c.field_id where c.collection_id = t.id), null
  from collections t where project_id = $1
  union all
  select 'model', id, identifier, name, description, uri, rdf_type, ontology_path, category_id, metadata, original_data, import_key,
    row_version, deleted_at, (select count(*)::int from model_history h where h.model_id = t.id),
    (select jsonb_agg(f.identifier || ' ' || c.cardinality || ' ' || c.required order by c.order_index)
     from model_fields c join fields f on f.id = c.field_id where c.model_id = t.id),
    (select jsonb_agg(o.identifier order by c.order_index)
     from model_collections c join collections o on o.id = c.collection_id where c.model_id = t.id)
  from models t where project_id = $1
)
select p.kind, p.identifier, p.name, p.description, p.uri, p.rdf_type, p.ontology_path, c.name as category, c.identifier as category_identifier,
  p.metadata, p.original_data, p.import_key, p.row_version, p.versions, p.fields, p.collections
from patterns p left join categories c on c.id = p.category_id
where p.deleted_at is null
order by p.kind, p.identifier`;

export async function openImportWorld(): Promise<ImportWorld> {
  const file = await createDatabase(inject('cluster'));
  const database = await openDatabase(file.connection, { poolSize: 4, onPoolError: () => {} });
  const userId = uuidv7();
  await database.reads.query(
    `insert into actors (id, actor_type, name, username) values ($1, 'organization', 'A', 'a')`,
    [userId],
  );
  return {
    database,
    async newProject() {
      const id = uuidv7();
      await database.reads.query(
        'insert into projects (id, owner_id, name, identifier) values ($1::uuid, $2, $1::text, $1::text)',
        [id, userId],
      );
      return id;
    },
    async run(projectId, files, { isDryRun = false, source = '' } = {}) {
      const read: Partial<Record<PatternKind, ReadFile>> = {};
      for (const kind of patternKinds) {
        const given = files[kind];
        const text = given === undefined ? '' : typeof given === 'string' ? given : toCsv(given);
        read[kind] = await readFile({ kind, chunks: [text], source });
      }
      return transact(database.orm, { actorId: userId, via: 'worker' }, (em) =>
        runImport(em, { projectId, actorId: userId }, read as Record<PatternKind, ReadFile>, { isDryRun }),
      );
    },
    async describe(projectId) {
      return (await database.reads.query(state, [projectId])).rows;
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      await file.drop();
    },
  };
}
