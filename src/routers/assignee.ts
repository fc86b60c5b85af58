import { fail } from '../errors.ts';
import type { Call } from './Call.ts';

/**
 * Asks whether a person may see what they shall work on. Asked before the transaction and judged inside it,
 * so that the retry of a call that was carried out is answered whatever they may do by now.
 * @param permission what they need in the project.
 * @returns what throws ASSIGNEE_CANNOT_SEE unless they may.
 */
export async function askAssignee(
  ctx: Call,
  assigneeId: string | null | undefined,
  permission: string,
): Promise<() => void> {
  if (!assigneeId) return () => {};
  const allowed = await ctx.authorizer.filterAllowed([assigneeId], permission, ctx.projectId);
  return () => {
    if (!allowed.includes(assigneeId)) fail('ASSIGNEE_CANNOT_SEE');
  };
}
