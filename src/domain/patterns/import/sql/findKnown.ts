import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../../database/executePrepared.ts';
import { nouns } from '../../../../entities/patterns/nouns.ts';
import type { PatternKind } from '../../../../entities/patterns/patternKinds.ts';
import type { Known, KnownRow } from '../planImport.ts';

/** Without the raw rows themselves, which are most of what lies there. */
const compose = (kind: PatternKind) => `
select id, identifier, import_key as "importKey", (
  select jsonb_agg(r - 'row') from jsonb_array_elements(original_data -> 'rows') r
) as rows
from ${nouns[kind].table} where project_id = $1 and deleted_at is null`;

interface Found {
  id: string;
  identifier: string;
  importKey: string | null;
  rows: KnownRow[] | null;
}

/** What the project has of a kind; and the id of each token, see `ReferenceIndex`. */
export async function findKnown(
  em: EntityManager,
  kind: PatternKind,
  projectId: string,
): Promise<{ known: Known; ids: Map<string, string> }> {
  const found = await executePrepared<Found>(em, compose(kind), [projectId]);
  const identifiers = new Set<string>();
  const made = new Map<string, string>();
  const imported = new Map<string, { id: string; rows: KnownRow[] }>();
  const ids = new Map<string, string>();
  for (const { id, identifier, importKey, rows } of found) {
    const token = importKey ?? `id:${id}`;
    identifiers.add(identifier);
    ids.set(token, id);
    if (!importKey) made.set(identifier, token);
    else imported.set(importKey, { id, rows: rows ?? [] });
  }
  return { known: { identifiers, made, imported }, ids };
}
