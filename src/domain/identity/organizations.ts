/** Organizations: actors that people belong to, and that can be members of projects in their people's place. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { OrganizationMember } from '../../entities/identity/OrganizationMember.ts';
import { fail } from '../../errors.ts';
import type { OrganizationRole } from '../../views/identity.ts';
import { claimUsername } from './claimUsername.ts';
import { countProjectsOwnedAlone } from './sql/countProjectsOwnedAlone.ts';
import { lockOwnedProjects } from './sql/lockOwnedProjects.ts';

export interface NewOrganization {
  id?: string | undefined;
  name: string;
  /** In lower case; people and organizations share one set of names. */
  username: string;
}

/** Makes an organization whose owner is the actor. @throws USERNAME_TAKEN */
export async function createOrganization(
  em: EntityManager,
  actorId: string,
  input: NewOrganization,
): Promise<Actor> {
  await claimUsername(em, input.username);
  const organization = em.create(Actor, {
    ...(input.id ? { id: input.id } : {}),
    actorType: 'organization',
    name: input.name,
    username: input.username,
    isVerified: false,
    credits: 0,
    creditsHeld: 0,
    creditDebt: 0,
  });
  em.create(OrganizationMember, { organizationId: organization.id, actorId, role: 'owner' });
  return organization;
}

/**
 * Locks an organization, so that its members change one at a time, and reads what the actor is in it.
 * @param options.deleted true: look for it among the deleted ones too
 * @throws NOT_FOUND
 */
export async function lockOrganization(
  em: EntityManager,
  organizationId: string,
  actorId: string,
  options: { deleted?: boolean } = {},
): Promise<{ organization: Actor; role: OrganizationRole | null }> {
  const organization = await em.findOne(
    Actor,
    { id: organizationId, actorType: 'organization' },
    { lockMode: LockMode.PESSIMISTIC_WRITE, ...(options.deleted ? { filters: false } : {}) },
  );
  if (!organization) return fail('NOT_FOUND', { thing: 'organization' });
  const membership = await em.findOne(OrganizationMember, { organizationId, actorId });
  return { organization, role: membership?.role ?? null };
}

export interface OrganizationChanges {
  name?: string | undefined;
  username?: string | undefined;
  /** Replaces what was there. */
  metadata?: Record<string, unknown> | undefined;
}

/** Changes what is given. @throws USERNAME_TAKEN */
export async function updateOrganization(
  em: EntityManager,
  organization: Actor,
  changes: OrganizationChanges,
): Promise<void> {
  if (changes.name !== undefined) organization.name = changes.name;
  if (changes.metadata !== undefined) organization.metadata = changes.metadata;
  if (changes.username === undefined || changes.username === organization.username) return;
  await claimUsername(em, changes.username);
  organization.username = changes.username;
}

/**
 * Deletes softly: its people lose at once what they had through it, and its username is free.
 * @throws CONFLICT when a project would be left with nobody who can act as its owner.
 */
export async function deleteOrganization(em: EntityManager, organization: Actor): Promise<void> {
  await lockOwnedProjects(em, organization.id);
  const projects = await countProjectsOwnedAlone(em, organization.id);
  if (projects > 0)
    fail('CONFLICT', { reason: `the organization is the only owner of ${projects} project(s)` });
  organization.deletedAt = new Date();
}

/**
 * Takes a deleted organization back with its members and projects; one that was not deleted stays as it is.
 * @param username another one, if its own has been taken meanwhile
 * @throws USERNAME_TAKEN
 */
export async function restoreOrganization(
  em: EntityManager,
  organization: Actor,
  username?: string,
): Promise<void> {
  if (!organization.deletedAt) return;
  const wanted = username ?? organization.username;
  await claimUsername(em, wanted);
  organization.username = wanted;
  organization.deletedAt = null;
}
