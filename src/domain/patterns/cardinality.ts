/**
 * Cardinalities as signs: `1` exactly one, `?` none or one, `+` one or more, `*` any number. Each is two
 * answers: must there be a value, and may there be several?
 */
import type { Cardinality } from '../../entities/patterns/compositionColumns.ts';

/** Whether there must be a value. */
export function isRequired(cardinality: Cardinality): boolean {
  return cardinality === '1' || cardinality === '+';
}

/** Whether there may be several values. */
export function isRepeatable(cardinality: Cardinality): boolean {
  return cardinality === '*' || cardinality === '+';
}

/** The sign for two answers: the inverse of `isRequired` and `isRepeatable`. */
export function cardinalityOf(answers: { required: boolean; repeatable: boolean }): Cardinality {
  if (answers.required) return answers.repeatable ? '+' : '1';
  return answers.repeatable ? '*' : '?';
}

/**
 * What is meant by what was said: a sign, whether it is required, both, or neither (any number).
 * @returns undefined when the two contradict each other.
 */
export function readCardinality(said: {
  cardinality?: Cardinality | undefined;
  required?: boolean | undefined;
}): { cardinality: Cardinality; required: boolean } | undefined {
  const { required = false } = said;
  const cardinality = said.cardinality ?? cardinalityOf({ required, repeatable: true });
  if (said.required !== undefined && said.required !== isRequired(cardinality)) return undefined;
  return { cardinality, required: isRequired(cardinality) };
}
