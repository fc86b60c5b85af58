import { type EntityManager, type EntityName, LockMode } from '@mikro-orm/postgresql';
import type { Noun } from '../../entities/patterns/nouns.ts';
import { fail } from '../../errors.ts';
import { type NounEntity, nounEntities, viewNoun } from './nounEntities.ts';

/**
 * A row of the project, to be changed: nobody else changes it until the transaction is over.
 * @param options.isDeletedFound finds it even when it is deleted, to restore it.
 * @throws NOT_FOUND
 */
export async function findNoun<N extends Noun>(
  em: EntityManager,
  noun: N,
  of: { projectId: string; id: string },
  { isDeletedFound = false } = {},
): Promise<NounEntity<N>> {
  const entity = await em.findOne(
    nounEntities[noun] as EntityName<{ id: string; projectId: string }>,
    { id: of.id, projectId: of.projectId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, filters: { notDeleted: !isDeletedFound } },
  );
  return (entity as NounEntity<N> | null) ?? fail('NOT_FOUND', { thing: noun });
}

/** @param version what the editor saw; left out: the last write wins. @throws VERSION_CLASH */
export function checkVersion<N extends Noun>(noun: N, entity: NounEntity<N>, version?: number): void {
  if (version === undefined || version === entity.rowVersion) return;
  const versions = { sent: version, stored: entity.rowVersion };
  fail(
    'VERSION_CLASH',
    { thing: noun, ...versions },
    { details: { ...versions, current: viewNoun(noun, entity) } },
  );
}
