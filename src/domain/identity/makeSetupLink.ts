import type { EntityManager } from '@mikro-orm/postgresql';
import { issueEmailToken } from './emailTokens.ts';
import { hasActiveAdmin } from './sql/hasActiveAdmin.ts';
import { lockAdmins } from './sql/lockAdmins.ts';

/**
 * Makes a link by which its holder becomes the first administrator, within 24 hours and once (see setUp).
 * @param publicUrl without a slash at the end
 * @returns null when there is an active administrator.
 */
export async function makeSetupLink(em: EntityManager, publicUrl: string): Promise<string | null> {
  await lockAdmins(em);
  if (await hasActiveAdmin(em)) return null;
  return `${publicUrl}/setup#${issueEmailToken(em, 'setup', null)}`;
}
