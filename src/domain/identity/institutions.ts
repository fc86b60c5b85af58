/** Universities, museums, companies … that people say they belong to; known in the whole system. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Institution } from '../../entities/identity/Institution.ts';
import { fail } from '../../errors.ts';
import { viewInstitution } from '../../views/institutions.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';

export interface InstitutionFields {
  name: string;
  identifier: string;
  homepage?: string | null | undefined;
  /** In its canonical form. */
  rorId?: string | null | undefined;
  metadata?: Record<string, unknown> | undefined;
}

async function claimIdentifier(em: EntityManager, identifier: string): Promise<void> {
  if (await em.findOne(Institution, { identifier })) fail('IDENTIFIER_TAKEN', { identifier });
}

async function lockInstitution(em: EntityManager, id: string, isDeletedFound = false): Promise<Institution> {
  const institution = await em.findOne(
    Institution,
    { id },
    { lockMode: LockMode.PESSIMISTIC_WRITE, filters: { notDeleted: !isDeletedFound } },
  );
  return institution ?? fail('NOT_FOUND', { thing: 'institution' });
}

/** Enters an institution. @throws IDENTIFIER_TAKEN */
export async function createInstitution(
  em: EntityManager,
  { id, name, identifier, homepage, rorId, metadata }: InstitutionFields & { id?: string | undefined },
): Promise<Institution> {
  await claimIdentifier(em, identifier);
  return em.create(Institution, {
    ...(id ? { id } : {}),
    name,
    identifier,
    homepage: homepage ?? null,
    rorId: rorId ?? null,
    metadata: metadata ?? {},
  });
}

/** Changes what is given. @throws NOT_FOUND, VERSION_CLASH, IDENTIFIER_TAKEN */
export async function updateInstitution(
  em: EntityManager,
  update: { institutionId: string; changes: Partial<InstitutionFields>; version?: number | undefined },
): Promise<Institution> {
  const institution = await lockInstitution(em, update.institutionId);
  await checkVersion({ thing: 'institution', sent: update.version, stored: institution.rowVersion }, () =>
    viewInstitution(institution),
  );
  const changes = pickChanges(institution, update.changes);
  if (changes.identifier) await claimIdentifier(em, changes.identifier);
  em.assign(institution, changes);
  return institution;
}

/** Deletes softly: its identifier is free, and who belongs to it still says so when it is restored. @throws NOT_FOUND */
export async function deleteInstitution(em: EntityManager, id: string): Promise<Institution> {
  const institution = await lockInstitution(em, id);
  institution.deletedAt = new Date();
  return institution;
}

/** Takes a deleted institution back; one that was not deleted stays as it is. @throws NOT_FOUND, IDENTIFIER_TAKEN */
export async function restoreInstitution(em: EntityManager, id: string): Promise<Institution> {
  const institution = await lockInstitution(em, id, true);
  if (!institution.deletedAt) return institution;
  await claimIdentifier(em, institution.identifier);
  institution.deletedAt = null;
  return institution;
}
