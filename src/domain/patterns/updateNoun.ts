import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Noun } from '../../entities/patterns/nouns.ts';
import { checkVersion, findNoun } from './findNoun.ts';
import { type References, holdReferences } from './holdReferences.ts';
import { checkFree } from './identifier.ts';
import type { NounEntity } from './nounEntities.ts';
import type { NounChanges } from './nounInputs.ts';
import { recordChange } from './recordChange.ts';
import { lockCategories, refuseCycle } from './tree.ts';

/** What is given and differs from what is there. */
function differing(entity: object, given: object): Record<string, unknown> {
  const stored = entity as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => value !== undefined && !isDeepStrictEqual(value ?? null, stored[key] ?? null),
    ),
  );
}

/**
 * Changes what is given, leaves the rest; `metadata` is replaced as a whole. Where nothing differs, nothing
 * happens.
 * @throws NOT_FOUND, also for a category, parent or vocabulary; VERSION_CLASH, IDENTIFIER_TAKEN, TREE_CYCLE.
 */
export async function updateNoun<N extends Noun>(
  em: EntityManager,
  noun: N,
  of: { projectId: string; id: string },
  { version, ...given }: NounChanges<N>,
): Promise<NounEntity<N>> {
  // First of all locks, so that two who move categories do not each hold what the other waits for.
  if (noun === 'category' && 'parentId' in given) await lockCategories(em, of.projectId);
  const entity = await findNoun(em, noun, of);
  checkVersion(noun, entity, version);
  const changes = differing(entity, given);
  if (Object.keys(changes).length === 0) return entity;
  const { parentId, identifier } = changes as References & { identifier?: string };
  await holdReferences(em, of.projectId, changes);
  if (parentId) await refuseCycle(em, 'category', entity, parentId);
  if (identifier !== undefined) await checkFree(em, noun, { ...of, identifier });
  em.assign<object>(entity, changes);
  recordChange(em, noun, entity, 'update');
  return entity;
}
