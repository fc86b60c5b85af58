import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../../database/executePrepared.ts';
import { nouns } from '../../../../entities/patterns/nouns.ts';
import type { OriginalData } from '../../../../entities/patterns/patternColumns.ts';
import type { PatternKind } from '../../../../entities/patterns/patternKinds.ts';

export interface PatternRow {
  id: string;
  name: string;
  identifier: string;
  description: string;
  uri: string | null;
  rdfType: string | null;
  ontologyPath: string | null;
  categoryId: string | null;
  metadata: Record<string, unknown>;
  originalData: OriginalData;
  importKey: string;
}

/** Inserts patterns that an import makes, in the name of the actor: one statement however many. */
export async function insertPatterns(
  em: EntityManager,
  kind: PatternKind,
  of: { projectId: string; actorId: string | null },
  rows: readonly PatternRow[],
): Promise<void> {
  await executePrepared(
    em,
    `insert into ${nouns[kind].table} (id, project_id, author_id, name, identifier, description, uri, rdf_type, ontology_path,
       category_id, metadata, original_data, import_key)
     select id, $1::uuid, $2::uuid, name, identifier, description, uri, "rdfType", "ontologyPath", "categoryId", metadata,
       "originalData", "importKey"
     from jsonb_to_recordset($3::jsonb) as r (id uuid, name text, identifier text, description text, uri text, "rdfType" text,
       "ontologyPath" text, "categoryId" uuid, metadata jsonb, "originalData" jsonb, "importKey" text)`,
    [of.projectId, of.actorId, JSON.stringify(rows)],
  );
}
