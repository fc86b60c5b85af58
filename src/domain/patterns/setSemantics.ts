import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { SemanticRelation } from '../../entities/patterns/FieldSemantic.ts';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import type { FieldMeaning, SemanticPart } from '../../views/patterns.ts';
import { diffParts } from './diffParts.ts';
import { checkVersion, findNoun } from './findNoun.ts';
import { viewNoun } from './nounEntities.ts';
import { findRepeated, refuseFaults } from './readParts.ts';
import { recordVersion, touch } from './recordChange.ts';

export interface GivenSemantic {
  classId: string;
  relation: SemanticRelation;
}
interface StoredSemantic extends GivenSemantic {
  orderIndex: number;
}
type HeldClass = Omit<SemanticPart, 'relation'>;

/** Neither the classes nor their ontologies are taken away until the transaction is over. */
const hold = `
select c.id as "classId", c.ontology_id as "ontologyId", c.kind, c.name, c.uri
from ontology_classes c join ontologies o on o.id = c.ontology_id and o.project_id = $1 and o.deleted_at is null
where c.id = any($2::uuid[]) order by c.id for share of c, o`;

const read = `
select class_id as "classId", relation, order_index as "orderIndex" from field_semantics where field_id = $1 order by order_index`;

const write = `
with gone as (
  delete from field_semantics s using jsonb_to_recordset($2::jsonb) as g ("classId" uuid, relation semantic_relation)
  where s.field_id = $1 and s.class_id = g."classId" and s.relation = g.relation
)
insert into field_semantics (field_id, class_id, relation, order_index)
select $1::uuid, "classId", relation, "orderIndex"
from jsonb_to_recordset($3::jsonb) as p ("classId" uuid, relation semantic_relation, "orderIndex" int)
on conflict (field_id, class_id, relation) do update set order_index = excluded.order_index`;

const keyOf = (part: GivenSemantic) => `${part.classId} ${part.relation}`;

function checkKinds(given: readonly GivenSemantic[], classes: ReadonlyMap<string, HeldClass>): void {
  const faults: Record<string, string> = {};
  for (const [index, { classId, relation }] of given.entries()) {
    const found = classes.get(classId);
    if (!found) return fail('NOT_FOUND', { thing: 'ontology class' });
    const wanted = relation === 'property' ? 'property' : 'class';
    if (found.kind !== wanted)
      faults[`semantics.${index}.relation`] =
        `${found.name} is a ${found.kind}, and ${relation} takes a ${wanted}`;
  }
  refuseFaults(faults);
}

/**
 * Makes what is given, in its order, the meaning of a field: what it is said of (domain), by which properties,
 * and what its values are (range).
 * @returns what shows it once it is flushed.
 * @throws NOT_FOUND for the field or any class; VERSION_CLASH; BAD_INPUT for what is given twice, and for a
 * class where a property belongs or the other way round.
 */
export async function setSemantics(
  em: EntityManager,
  of: { projectId: string; id: string },
  { semantics, version }: { semantics: readonly GivenSemantic[]; version?: number | undefined },
): Promise<() => FieldMeaning> {
  const field = await findNoun(em, 'field', of);
  checkVersion('field', field, version);
  refuseFaults(findRepeated(semantics.map(keyOf), (index) => `semantics.${index}.classId`));
  const classIds = [...new Set(semantics.map((part) => part.classId))];
  const rows = await executePrepared<HeldClass>(em, hold, [of.projectId, classIds]);
  const classes = new Map(rows.map((row) => [row.classId, row]));
  checkKinds(semantics, classes);
  const wanted = semantics.map((part, orderIndex) => ({ ...part, orderIndex }));
  const stored = await executePrepared<StoredSemantic>(em, read, [of.id]);
  const diff = diffParts<StoredSemantic>(stored, wanted, keyOf, (a, b) => a.orderIndex === b.orderIndex);
  const view = () => ({
    ...viewNoun('field', field),
    semantics: semantics.flatMap(({ classId, relation }) => {
      const found = classes.get(classId);
      return found ? [{ ...found, relation }] : [];
    }),
  });
  if (diff.gone.length + diff.put.length === 0) return view;
  await executePrepared(em, write, [of.id, JSON.stringify(diff.gone), JSON.stringify(diff.put)]);
  touch(field);
  audit(em, {
    action: 'update',
    entityType: 'field_semantics',
    entityId: of.id,
    projectId: of.projectId,
    changes: { semantics: { old: stored, new: wanted } },
  });
  emit(em, `project:${of.projectId}`, 'field.semanticsSet', view);
  recordVersion(em, 'field', field, 'update');
  return view;
}
