import { createHmac } from 'node:crypto';

/** Entity type → what its rows say of a person; keys of `changes`. */
export const personalKeys: Record<string, readonly string[]> = {
  actors: ['email', 'metadata', 'name', 'orcid', 'username'],
  email_tokens: ['email'],
  sessions: ['ipAddress', 'userAgent'],
};

/** Whose values are those of a caller that nobody knows; never erased. */
export const nobody = '00000000-0000-0000-0000-000000000000';

/** What a row of the audit log tells, as far as it matters whom it tells of. */
export interface Told {
  user_id: string | null;
  entity_type: string;
  entity_id: string;
  changes: Record<string, { old?: unknown; new?: unknown }>;
}

/** Whom the personal values among a row's changes belong to. */
export function personOfChanges({ user_id, entity_type, entity_id, changes }: Told): string | null {
  if (entity_type === 'actors') return entity_id;
  const named = personalKeys[entity_type] && (changes['userId']?.new ?? changes['actorId']?.new);
  return typeof named === 'string' ? named : user_id;
}

/** Whom a row's address and program belong to. */
export function personOfCall(row: Told): string {
  return row.user_id ?? (personalKeys[row.entity_type] ? personOfChanges(row) : null) ?? nobody;
}

const erased = /^#[\w-]{43}$/;

/** Whether this stands where a personal value was. */
export const isErased = (value: unknown): boolean => typeof value === 'string' && erased.test(value);

/**
 * What a seal takes in of a personal value, and what remains of it once it is erased: a hash that only who has
 * the salt can make again. The place is part of it, so that equal values do not look equal.
 */
export function commitTo(value: unknown, place: string, salt: Buffer): string {
  return `#${createHmac('sha256', salt)
    .update(`${place} ${JSON.stringify(value)}`)
    .digest('base64url')}`;
}
