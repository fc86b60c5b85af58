import type { Cardinality } from '../../../entities/patterns/compositionColumns.ts';

/** How cardinalities are written: as signs, or as bounds. */
const written: Readonly<Record<string, Cardinality>> = {
  '1': '1',
  '*': '*',
  '+': '+',
  '?': '?',
  '1..1': '1',
  '0..1': '?',
  '0..n': '*',
  '0..*': '*',
  '1..n': '+',
  '1..*': '+',
  n: '*',
};

/** The cardinality that a text means, undefined when it means none. */
export function parseCardinality(text: string): Cardinality | undefined {
  const wanted = text.toLowerCase().replaceAll(/\s/g, '');
  return Object.hasOwn(written, wanted) ? written[wanted] : undefined;
}
