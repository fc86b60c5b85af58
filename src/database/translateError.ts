import { TesseraError } from '../errors.ts';
import { isOutage } from './isOutage.ts';

const takenIdentifier = () => new TesseraError('IDENTIFIER_TAKEN', { identifier: 'given' });
const importedTwice = () =>
  new TesseraError('CONFLICT', { reason: 'a pattern that was imported from the same rows is there already' });
/** Constraints of the semantic patterns. */
const patternConstraints: Record<string, () => TesseraError> = {
  categories_identifier_unique: takenIdentifier,
  fields_identifier_unique: takenIdentifier,
  models_identifier_unique: takenIdentifier,
  collections_identifier_unique: takenIdentifier,
  ontologies_identifier_unique: takenIdentifier,
  vocabularies_identifier_unique: takenIdentifier,
  vocabulary_terms_identifier_unique: takenIdentifier,
  fields_import_key_unique: importedTwice,
  models_import_key_unique: importedTwice,
  collections_import_key_unique: importedTwice,
};

const blindAssignee = () => new TesseraError('ASSIGNEE_CANNOT_SEE');
/** Constraints of milestones, tasks and issues. */
const workConstraints: Record<string, () => TesseraError> = {
  milestones_dates: () =>
    new TesseraError('BAD_INPUT', {}, { fields: { endAt: 'must not be before startAt' } }),
  tasks_milestone_id_foreign: () => new TesseraError('NOT_FOUND', { thing: 'milestone' }),
  tasks_assignee_id_foreign: blindAssignee,
  issues_assignee_id_foreign: blindAssignee,
};

/** Constraints of translations, the registry and institutions. */
const recordConstraints: Record<string, () => TesseraError> = {
  project_targets_language_unique: () =>
    new TesseraError('LANGUAGE_TAKEN', { language: 'the language given' }),
  file_translations_project_target_id_foreign: () => new TesseraError('NOT_FOUND', { thing: 'target' }),
  service_configs_service_id_foreign: () => new TesseraError('NOT_FOUND', { thing: 'service' }),
  institutions_identifier_unique: takenIdentifier,
  actors_institution_id_foreign: () => new TesseraError('NOT_FOUND', { thing: 'institution' }),
};

const usedKey = () =>
  new TesseraError('CONFLICT', {
    reason: 'the idempotency key was already used for another change of credits',
  });
/** Constraints of credits. */
const creditConstraints: Record<string, () => TesseraError> = {
  credits_history_idempotency_key_unique: usedKey,
  credit_holds_idempotency_key_unique: usedKey,
};

/** What a violated constraint means to who caused it, by the constraint's name. */
const byConstraint: Record<string, () => TesseraError> = {
  actors_email_unique: () => new TesseraError('EMAIL_TAKEN'),
  actors_username_unique: () => new TesseraError('USERNAME_TAKEN', { username: 'given' }),
  projects_identifier_unique: () => new TesseraError('IDENTIFIER_TAKEN', { identifier: 'given' }),
  roles_name_unique: () =>
    new TesseraError('ROLE_NAME_TAKEN', { role: 'given', reason: 'there is such a role' }),
  // A role that was deleted while it was being given.
  project_members_role_id_foreign: () => new TesseraError('NOT_FOUND', { thing: 'role' }),
  project_members_pkey: () => new TesseraError('ALREADY_MEMBER'),
  project_members_keep_an_owner: () => new TesseraError('LAST_OWNER'),
  ...patternConstraints,
  ...workConstraints,
  ...recordConstraints,
  ...creditConstraints,
};

interface DatabaseError {
  code: string;
  constraint?: string;
  table?: string;
}

function findDatabaseError(error: unknown): DatabaseError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code))
      return at as unknown as DatabaseError;
  }
  return undefined;
}

/**
 * A constraint violation as an error of the table, so that the loser of a race reads the same sentence as
 * who was checked beforehand, and an outage as what it is; undefined for anything else.
 */
export function translateDatabaseError(error: unknown): TesseraError | undefined {
  if (isOutage(error))
    return new TesseraError('UNAVAILABLE', { reason: 'the database does not answer' }, { cause: error });
  const found = findDatabaseError(error);
  if (!found) return undefined;
  const known = found.constraint ? byConstraint[found.constraint]?.() : undefined;
  if (known) return known;
  // A primary key of one column that is taken can only be an id that the client made.
  if (found.code === '23505' && found.constraint?.endsWith('_pkey')) {
    return new TesseraError('ID_TAKEN', { thing: found.table ?? 'row' });
  }
  return undefined;
}
