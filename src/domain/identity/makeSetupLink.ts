import type { EntityManager } from '@mikro-orm/postgresql';
import { hasAdministrator, readPresentPolicy } from '../policies/lockOut.ts';
import { lockPolicy } from '../policies/sql/lockPolicy.ts';
import { issueEmailToken } from './emailTokens.ts';

/**
 * Makes a link by which its holder becomes the first administrator, within 24 hours and once (see setUp).
 * @param publicUrl without a slash at the end
 * @returns null when there is an active administrator.
 */
export async function makeSetupLink(em: EntityManager, publicUrl: string): Promise<string | null> {
  await lockPolicy(em);
  if (await hasAdministrator(em, await readPresentPolicy(em))) return null;
  return `${publicUrl}/setup#${issueEmailToken(em, 'setup', null)}`;
}
