import type { EntityManager } from '@mikro-orm/postgresql';
import type { Noun } from '../../entities/patterns/nouns.ts';
import { findNoun } from './findNoun.ts';
import type { NounEntity } from './nounEntities.ts';
import { recordChange } from './recordChange.ts';
import { refuseUsed } from './refuseUsed.ts';

/**
 * Deletes softly; its identifier is free. What other projects have adopted stays: those are copies.
 * @throws NOT_FOUND; PATTERN_IN_USE while something of the project uses it.
 */
export async function deleteNoun<N extends Noun>(
  em: EntityManager,
  noun: N,
  of: { projectId: string; id: string },
): Promise<NounEntity<N>> {
  const entity = await findNoun(em, noun, of);
  await refuseUsed(em, noun, entity);
  entity.deletedAt = new Date();
  recordChange(em, noun, entity, 'delete');
  return entity;
}
