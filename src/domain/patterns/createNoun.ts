import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { Noun } from '../../entities/patterns/nouns.ts';
import type { ActorRef } from '../../views/identity.ts';
import { type References, holdReferences } from './holdReferences.ts';
import { checkFree, findTaken, firstFree, identifierOf, lockIdentifiers } from './identifier.ts';
import { type NounEntity, nounEntities } from './nounEntities.ts';
import type { NewNoun } from './nounInputs.ts';
import { recordChange } from './recordChange.ts';

/** A free identifier made from a name. */
async function makeIdentifier(
  em: EntityManager,
  noun: Noun,
  { projectId, name }: { projectId: string; name: string },
): Promise<string> {
  const base = identifierOf(name, noun);
  await lockIdentifiers(em, noun, projectId);
  return firstFree(base, await findTaken(em, noun, projectId, [base]));
}

/**
 * Makes a category, field, model, collection, ontology or vocabulary.
 * @throws IDENTIFIER_TAKEN; NOT_FOUND for a category, parent or vocabulary that the project does not have.
 */
export async function createNoun<N extends Noun>(
  em: EntityManager,
  actor: ActorRef,
  noun: N,
  { id = uuidv7(), projectId, name, identifier, ...given }: NewNoun<N>,
): Promise<NounEntity<N>> {
  await holdReferences(em, projectId, given as References);
  if (identifier !== undefined) await checkFree(em, noun, { projectId, id, identifier });
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const entity = em.create<object>(nounEntities[noun], {
    description: '',
    metadata: {},
    ...values,
    id,
    projectId,
    name,
    identifier: identifier ?? (await makeIdentifier(em, noun, { projectId, name })),
    authorId: actor.id,
  } as never) as NounEntity<N>;
  recordChange(em, noun, entity, 'create');
  return entity;
}
