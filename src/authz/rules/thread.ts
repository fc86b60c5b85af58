import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

/** Who moderates the discussions of a project: whoever may remove people from it. */
export const moderation = 'members.remove';

export const furtherRules: readonly FurtherRule[] = [
  {
    says: `A thread is deleted and restored by who opened it, and by moderators: who may call ${moderation}.`,
    procedures: ['threads.delete', 'threads.restore'],
  },
];

/** A thread is deleted and restored by who opened it, and by moderators. */
export function mayDeleteThread(
  access: Pick<Access, 'caller' | 'can'>,
  thread: { authorId?: string | null },
): boolean {
  return (access.caller !== null && thread.authorId === access.caller.id) || access.can(moderation);
}
