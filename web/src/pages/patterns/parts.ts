import type { Entry } from './describeChange.ts';
import { cardinalityWords } from './describeChange.ts';
import type { Pattern } from './nouns.ts';

/** A part of something that is composed, while it is being edited. */
export interface Part {
  /** Tells it from the others of the list, while the page is open. */
  key: string;
  id: string;
  name: string;
  identifier: string;
  /** Its cardinality or relation; empty: it has none. */
  choice: string;
}

export type PartsOf = 'fields' | 'collections' | 'semantics';

/** The parts of a pattern as it is now. */
export function partsOf(pattern: Pattern, of: PartsOf): Part[] {
  if (of === 'fields')
    return (pattern.fields ?? []).map(({ fieldId, cardinality, name, identifier }) => ({
      key: fieldId,
      id: fieldId,
      name,
      identifier,
      choice: cardinality,
    }));
  if (of === 'collections')
    return (pattern.collections ?? []).map(({ collectionId, name, identifier }) => ({
      key: collectionId,
      id: collectionId,
      name,
      identifier,
      choice: '',
    }));
  return (pattern.semantics ?? []).map(({ classId, relation, name, uri }) => ({
    key: `${classId} ${relation}`,
    id: classId,
    name,
    identifier: uri,
    choice: relation,
  }));
}

export function movePart(parts: readonly Part[], from: number, to: number): Part[] {
  const moved = parts.filter((_, index) => index !== from);
  const part = parts[from];
  if (part) moved.splice(to, 0, part);
  return moved;
}

export const isSame = (a: readonly Part[], b: readonly Part[]): boolean =>
  a.length === b.length &&
  a.every(({ id, choice }, index) => id === b[index]?.id && choice === b[index]?.choice);

/** As lists are compared in words. */
export const toEntries = (parts: readonly Part[]): Entry[] =>
  parts.map(({ id, name, choice }) => ({ id, name, note: cardinalityWords[choice] ?? choice }));
