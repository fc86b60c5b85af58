import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import type { ComposedOfFields, FieldPart } from '../../views/patterns.ts';
import { diffParts } from './diffParts.ts';
import { checkVersion, findNoun } from './findNoun.ts';
import { holdRows } from './holdRows.ts';
import { viewNoun } from './nounEntities.ts';
import { type GivenField, type StoredField, readFields } from './readParts.ts';
import { recordVersion, touch } from './recordChange.ts';
import { type ComposedNoun, putFields, readStoredFields } from './sql/putFields.ts';

const isSame = (a: StoredField, b: StoredField) =>
  a.cardinality === b.cardinality && a.orderIndex === b.orderIndex;

/** As the audit log tells it. */
const describe = (parts: readonly StoredField[]) =>
  parts.map(({ fieldId, cardinality, orderIndex }) => ({ fieldId, cardinality, orderIndex }));

/**
 * Makes the fields given, in their order, the fields of a model or a collection. What stands already as it
 * should is not written again; where everything does, nothing happens.
 * @returns what shows it once it is flushed.
 * @throws NOT_FOUND for the whole or any field; VERSION_CLASH; BAD_INPUT, see `readFields`.
 */
export async function setFields(
  em: EntityManager,
  noun: ComposedNoun,
  of: { projectId: string; id: string },
  { fields, version }: { fields: readonly GivenField[]; version?: number | undefined },
): Promise<() => ComposedOfFields> {
  const whole = await findNoun(em, noun, of);
  checkVersion(noun, whole, version);
  const held = await holdRows(em, 'field', of.projectId, [...new Set(fields.map((part) => part.fieldId))]);
  const wanted = readFields(fields, held);
  const stored = await readStoredFields(em, noun, of.id);
  const diff = diffParts(stored, wanted, (part) => part.fieldId, isSame);
  const parts: FieldPart[] = wanted.map(({ fieldId, cardinality, required }) => {
    const { name = '', identifier = '' } = held.get(fieldId) ?? {};
    return { fieldId, name, identifier, cardinality, required };
  });
  const view = () => ({ ...viewNoun(noun, whole), fields: parts });
  if (diff.gone.length + diff.put.length === 0) return view;
  await putFields(em, noun, of.id, diff);
  touch(whole);
  const replaced = new Set([...diff.gone, ...diff.put].map((part) => part.fieldId));
  audit(em, {
    action: 'update',
    entityType: `${noun}_fields`,
    entityId: of.id,
    projectId: of.projectId,
    changes: {
      fields: {
        old: describe(stored.filter((part) => replaced.has(part.fieldId))),
        new: describe(diff.put),
      },
    },
  });
  emit(em, `project:${of.projectId}`, `${noun}.fieldsSet`, view);
  recordVersion(em, noun, whole, 'update');
  return view;
}
