import { findMentions } from '../domain/threads/findMentions.ts';
import type { Call } from './Call.ts';

/** Ids of the actors whom a text mentions and who may see threads of the project now; no query where there are none. */
export async function findMentioned(ctx: Call, text: string): Promise<string[]> {
  const usernames = findMentions(text);
  return usernames.length === 0 ? [] : ctx.authorizer.findAllowed(usernames, 'threads.get', ctx.projectId);
}
