import type { EntityManager } from '@mikro-orm/postgresql';
import type { Noun } from '../../entities/patterns/nouns.ts';
import { fail } from '../../errors.ts';
import { findNoun } from './findNoun.ts';
import { checkFree } from './identifier.ts';
import type { NounEntity } from './nounEntities.ts';
import { recordChange } from './recordChange.ts';
import { holdFoundations } from './sql/holdFoundations.ts';

/**
 * Takes a deleted row back as it was; one that was not deleted stays as it is.
 * @throws NOT_FOUND, IDENTIFIER_TAKEN; CONFLICT when what it refers to or is made of is deleted itself.
 */
export async function restoreNoun<N extends Noun>(
  em: EntityManager,
  noun: N,
  of: { projectId: string; id: string },
): Promise<NounEntity<N>> {
  const entity = await findNoun(em, noun, of, { isDeletedFound: true });
  if (!entity.deletedAt) return entity;
  await checkFree(em, noun, { ...of, identifier: entity.identifier });
  for (const { kind, name, isDeleted } of await holdFoundations(em, noun, of.id)) {
    if (isDeleted) fail('CONFLICT', { reason: `its ${kind} ${name} is deleted and must be restored first` });
  }
  entity.deletedAt = null;
  recordChange(em, noun, entity, 'restore');
  return entity;
}
