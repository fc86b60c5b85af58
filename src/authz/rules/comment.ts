import type { Access } from '../Authorizer.ts';
import { moderation } from './thread.ts';

/** A comment is deleted by who wrote it, and by moderators. Only its author edits it: see Comment.edit. */
export function mayDeleteComment(
  access: Pick<Access, 'caller' | 'can'>,
  comment: { authorId?: string | null },
): boolean {
  return (access.caller !== null && comment.authorId === access.caller.id) || access.can(moderation);
}
