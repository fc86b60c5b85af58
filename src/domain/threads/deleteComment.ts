import type { EntityManager } from '@mikro-orm/postgresql';
import type { Comment } from '../../entities/threads/Comment.ts';
import { emit } from '../../events/emit.ts';

/** Deletes a comment softly: no list shows it any more. */
export function deleteComment(em: EntityManager, comment: Comment, projectId: string): Comment {
  comment.deletedAt = new Date();
  const { id, threadId } = comment;
  emit(em, `project:${projectId}`, 'comment.deleted', () => ({ id, threadId }));
  return comment;
}
