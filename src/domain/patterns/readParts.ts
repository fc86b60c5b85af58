import type { Cardinality } from '../../entities/patterns/compositionColumns.ts';
import { TesseraError } from '../../errors.ts';
import { readCardinality } from './cardinality.ts';

/** A field as somebody wants it in a model or a collection. */
export interface GivenField {
  fieldId: string;
  cardinality?: Cardinality | undefined;
  required?: boolean | undefined;
}

/** A field of a model or a collection, as it is stored. */
export interface StoredField {
  fieldId: string;
  cardinality: Cardinality;
  required: boolean;
  orderIndex: number;
}

/** The second mention of each id that is mentioned twice: input path → what is wrong. */
export function findRepeated(
  ids: readonly string[],
  pathOf: (index: number) => string,
): Record<string, string> {
  const faults: Record<string, string> = {};
  const seen = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else faults[pathOf(index)] = `is the same as ${pathOf(first)}: each may be there once`;
  }
  return faults;
}

export function refuseFaults(faults: Record<string, string>): void {
  if (Object.keys(faults).length > 0) throw new TesseraError('BAD_INPUT', {}, { fields: faults });
}

/**
 * Fields in the order given, each with its cardinality.
 * @param names of the fields, for what is said when something is wrong
 * @throws BAD_INPUT naming each field that is there twice, or whose `required` contradicts its cardinality.
 */
export function readFields(
  given: readonly GivenField[],
  names: ReadonlyMap<string, { name: string }>,
): StoredField[] {
  const faults = findRepeated(
    given.map((part) => part.fieldId),
    (index) => `fields.${index}.fieldId`,
  );
  const parts: StoredField[] = [];
  for (const [orderIndex, part] of given.entries()) {
    const meant = readCardinality(part);
    if (meant) parts.push({ fieldId: part.fieldId, ...meant, orderIndex });
    else {
      const name = names.get(part.fieldId)?.name ?? part.fieldId;
      faults[`fields.${orderIndex}.required`] =
        `${name}: cardinality ${part.cardinality} means ${part.required ? 'optional' : 'required'}; leave \`required\` out, or say the same`;
    }
  }
  refuseFaults(faults);
  return parts;
}
