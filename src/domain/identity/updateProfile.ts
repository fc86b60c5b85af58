import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { Institution } from '../../entities/identity/Institution.ts';
import { fail } from '../../errors.ts';

export interface ProfileChanges {
  name?: string | undefined;
  /** null takes it away. */
  orcid?: string | null | undefined;
  /** null: none. */
  institutionId?: string | null | undefined;
  /** Replaces what was there. */
  metadata?: Record<string, unknown> | undefined;
}

/** Changes what is given of an actor's profile. @throws NOT_FOUND, also when there is no such institution */
export async function updateProfile(
  em: EntityManager,
  actorId: string,
  changes: ProfileChanges,
): Promise<Actor> {
  const actor = await em.findOne(Actor, { id: actorId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!actor) return fail('NOT_FOUND', { thing: 'actor' });
  if (changes.name !== undefined) actor.name = changes.name;
  if (changes.orcid !== undefined) actor.orcid = changes.orcid;
  if (changes.institutionId) {
    const institution = await em.findOne(Institution, { id: changes.institutionId });
    if (!institution) fail('NOT_FOUND', { thing: 'institution' });
  }
  if (changes.institutionId !== undefined) actor.institutionId = changes.institutionId;
  if (changes.metadata !== undefined) actor.metadata = changes.metadata;
  return actor;
}
