import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { OntologyClassView } from '../../patterns.ts';
import { after } from '../keyset.ts';

/** The ontology is the left side, so that one without classes can be told from none at all. */
const text = `
select c.id, c.ontology_id as "ontologyId", c.kind, c.name, c.uri, c.description, c.metadata, c.row_version as version,
  c.created_at as "createdAt", c.updated_at as "updatedAt"
from ontologies o
left join lateral (
  select * from ontology_classes
  where ontology_id = o.id and (created_at, id) > ($3, $4) and ($6::ontology_class_kind is null or kind = $6)
  order by created_at, id limit $5
) c on true
where o.id = $1 and o.project_id = $2 and o.deleted_at is null
order by c.created_at, c.id`;

/**
 * Classes and properties of an ontology, oldest first.
 * @returns undefined when the project has no such ontology.
 */
export async function listClasses(
  reads: pg.Pool,
  of: {
    projectId: string;
    ontologyId: string;
    kind: 'class' | 'property' | null;
    position: Position | null;
    limit: number;
  },
): Promise<OntologyClassView[] | undefined> {
  const { rows } = await reads.query<OntologyClassView | { id: null }>({
    name: 'list ontology classes',
    text,
    values: [of.ontologyId, of.projectId, ...after(of.position), of.limit, of.kind],
  });
  if (rows.length === 0) return undefined;
  return rows.filter((row): row is OntologyClassView => row.id !== null);
}
