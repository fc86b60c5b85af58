import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';
import { moderation } from './thread.ts';

export const furtherRules: readonly FurtherRule[] = [
  { says: 'Only its author edits a comment.', procedures: ['comments.edit'] },
  {
    says: `A comment is deleted by its author, and by moderators: who may call ${moderation}.`,
    procedures: ['comments.delete'],
  },
];

interface Written {
  authorId?: string | null;
}

/** A comment is edited by who wrote it alone. */
export function mayEditComment(access: Pick<Access, 'caller'>, comment: Written): boolean {
  return access.caller !== null && comment.authorId === access.caller.id;
}

/** A comment is deleted by who wrote it, and by moderators. */
export function mayDeleteComment(access: Pick<Access, 'caller' | 'can'>, comment: Written): boolean {
  return mayEditComment(access, comment) || access.can(moderation);
}
