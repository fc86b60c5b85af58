import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { nouns } from '../../../entities/patterns/nouns.ts';
import { type AdoptableNoun, adoptionLinks } from '../../../views/sql/patterns/adoptionLinks.ts';

/** An original, and the copy that it gets. */
export interface Copy {
  from: string;
  to: string;
  identifier: string;
}

/**
 * Where the project has a category of the same identifier, or a vocabulary of the same URI, the copy goes
 * there: the original's own do not come along. Neither do its metadata and the rows that it was imported
 * from, which may name projects that not everyone in this one may see.
 */
const ownCategory = `(
    select k.id from categories k join categories f on f.id = o.category_id and f.identifier = k.identifier
    where k.project_id = $1 and k.deleted_at is null
  )`;
const ownVocabulary = `(
    select k.id from vocabularies k join vocabularies f on f.id = o.vocabulary_id and f.uri = k.uri
    where k.project_id = $1 and k.deleted_at is null order by k.created_at, k.id limit 1
  )`;

const pattern = {
  columns: 'uri, rdf_type, ontology_path, category_id',
  values: `o.uri, o.rdf_type, o.ontology_path, ${ownCategory}`,
};
const further: Record<AdoptableNoun, { columns: string; values: string }> = {
  field: {
    columns: `${pattern.columns}, vocabulary_id`,
    values: `${pattern.values}, ${ownVocabulary}`,
  },
  model: pattern,
  collection: pattern,
  ontology: { columns: 'uri, prefix', values: 'o.uri, o.prefix' },
};

/** A link whose copy was deleted is turned to the new one. */
const compose = (noun: AdoptableNoun) => {
  const { table, key } = nouns[noun];
  const { columns, values } = further[noun];
  return `
with wanted as (
  select * from jsonb_to_recordset($3::jsonb) as c ("from" uuid, "to" uuid, identifier text)
), copied as (
  insert into ${table} (id, project_id, name, identifier, description, author_id, ${columns})
  select c."to", $1::uuid, o.name, c.identifier, o.description, $2::uuid, ${values}
  from wanted c join ${table} o on o.id = c."from"
)
insert into ${adoptionLinks[noun]} (project_id, ${key}, adopted_id, metadata, added_by)
select $1::uuid, c."from", c."to", jsonb_build_object('version', o.row_version), $2::uuid
from wanted c join ${table} o on o.id = c."from"
on conflict (project_id, ${key}) do update
set adopted_id = excluded.adopted_id, metadata = excluded.metadata, added_by = excluded.added_by, added_at = now()`;
};

/** Makes copies of another project's rows in the project, in the name of the actor, and the links to them. */
export async function copyRows(
  em: EntityManager,
  noun: AdoptableNoun,
  of: { projectId: string; actorId: string; copies: readonly Copy[] },
): Promise<void> {
  if (of.copies.length === 0) return;
  await executePrepared(em, compose(noun), [of.projectId, of.actorId, JSON.stringify(of.copies)]);
}

/** The project's copies of another's rows, by original; a copy that was deleted does not count. */
export async function findCopies(
  em: EntityManager,
  noun: AdoptableNoun,
  projectId: string,
  originals: readonly string[],
): Promise<Map<string, string>> {
  const { table, key } = nouns[noun];
  const rows = await executePrepared<{ from: string; to: string }>(
    em,
    `select l.${key} as "from", l.adopted_id as "to"
     from ${adoptionLinks[noun]} l join ${table} c on c.id = l.adopted_id and c.deleted_at is null
     where l.project_id = $1 and l.${key} = any($2::uuid[])`,
    [projectId, originals],
  );
  return new Map(rows.map((row) => [row.from, row.to]));
}
