import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { CopyMap } from './copyParts.ts';

/** A class that copies of fields need, and the project's own ontology that has it or gets it. */
export interface NeededClass {
  /** The original class. */
  classId: string;
  /** The ontology of the original. */
  ontologyId: string;
}

/** The classes that fields mean. */
export async function findMeanings(em: EntityManager, fieldIds: readonly string[]): Promise<NeededClass[]> {
  if (fieldIds.length === 0) return [];
  return executePrepared<NeededClass>(
    em,
    `select distinct c.id as "classId", c.ontology_id as "ontologyId"
     from field_semantics s join ontology_classes c on c.id = s.class_id where s.field_id = any($1::uuid[])`,
    [fieldIds],
  );
}

/** Ontologies of the project that have the URI of another project's: original → own. */
export async function findSameOntologies(
  em: EntityManager,
  projectId: string,
  ontologyIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await executePrepared<{ from: string; to: string }>(
    em,
    `select distinct on (f.id) f.id as "from", k.id as "to"
     from ontologies f join ontologies k on k.uri = f.uri and k.project_id = $1 and k.deleted_at is null
     where f.id = any($2::uuid[]) order by f.id, k.created_at, k.id`,
    [projectId, ontologyIds],
  );
  return new Map(rows.map((row) => [row.from, row.to]));
}

/**
 * Gives the project's ontologies the classes that they lack, told by URI.
 * @param classes with the id that each gets where it is new, and the own ontology that it goes to
 * @returns the own ontologies that got some, each with their names.
 */
export async function copyClasses(
  em: EntityManager,
  classes: readonly { classId: string; to: string; ontology: string }[],
): Promise<{ ontologyId: string; names: string[] }[]> {
  return executePrepared(
    em,
    `with added as (
       insert into ontology_classes (id, ontology_id, kind, name, uri, description)
       select w."to", w.ontology, c.kind, c.name, c.uri, c.description
       from jsonb_to_recordset($1::jsonb) as w ("classId" uuid, "to" uuid, ontology uuid)
       join ontology_classes c on c.id = w."classId"
       on conflict (ontology_id, uri) do nothing
       returning ontology_id, name
     )
     select ontology_id as "ontologyId", array_agg(name order by name) as names from added group by ontology_id`,
    [JSON.stringify(classes)],
  );
}

/**
 * Gives copies of fields the meaning of their originals, in terms of the project's own ontologies. Where the
 * project calls a property what is a class there, or the other way round, that part is left out.
 */
export async function copySemantics(em: EntityManager, fields: CopyMap, ontologies: CopyMap): Promise<void> {
  const toJson = (map: CopyMap) => JSON.stringify(Array.from(map, ([from, to]) => ({ from, to })));
  await executePrepared(
    em,
    `insert into field_semantics (field_id, class_id, relation, order_index)
     select f."to", k.id, s.relation, min(s.order_index)
     from jsonb_to_recordset($1::jsonb) as f ("from" uuid, "to" uuid)
     join field_semantics s on s.field_id = f."from"
     join ontology_classes c on c.id = s.class_id
     join jsonb_to_recordset($2::jsonb) as o ("from" uuid, "to" uuid) on o."from" = c.ontology_id
     join ontology_classes k on k.ontology_id = o."to" and k.uri = c.uri and k.kind = c.kind
     group by 1, 2, 3`,
    [toJson(fields), toJson(ontologies)],
  );
}

/** Makes new versions of rows of which only the parts changed, for statements that change many. */
export async function bumpOntologies(em: EntityManager, ids: readonly string[]): Promise<void> {
  await executePrepared(
    em,
    `update ontologies set row_version = row_version + 1, updated_at = greatest(now(), updated_at + interval '1 ms')
     where id = any($1::uuid[])`,
    [ids],
  );
}
