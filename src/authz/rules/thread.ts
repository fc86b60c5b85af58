import type { Access } from '../Authorizer.ts';

/** Who moderates the discussions of a project: whoever may remove people from it. */
export const moderation = 'members.remove';

/** A thread is deleted and restored by who opened it, and by moderators. */
export function mayDeleteThread(
  access: Pick<Access, 'caller' | 'can'>,
  thread: { authorId?: string | null },
): boolean {
  return (access.caller !== null && thread.authorId === access.caller.id) || access.can(moderation);
}
