import type { EntityManager } from '@mikro-orm/postgresql';
import { CommentMention } from '../../entities/threads/CommentMention.ts';
import type { Comment } from '../../entities/threads/Comment.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { toReactions } from '../../views/sql/commentRow.ts';
import { type CommentView, viewComment } from '../../views/threads.ts';
import { recordReferences } from '../social/recordReferences.ts';
import { addMentions } from './addMentions.ts';
import { readReactions } from './sql/readReactions.ts';

/** Mentions are told apart by the moment of the change that brought them, so no two changes share one. */
function momentAfter({ createdAt, editedAt }: Comment): Date {
  return new Date(Math.max(Date.now(), (editedAt ?? createdAt).getTime() + 1));
}

/**
 * Gives a comment another text. Who was mentioned before stays so, and is not told again.
 * @param input.mentioned ids of the actors whom the new body mentions and who may see the thread.
 * @returns what shows the comment once it is flushed.
 * @throws NOT_AUTHOR
 */
export async function editComment(
  em: EntityManager,
  actor: ActorRef,
  comment: Comment,
  input: { projectId: string; body: string; mentioned: readonly string[] },
): Promise<() => CommentView> {
  const before = comment.body;
  const now = momentAfter(comment);
  comment.edit(actor.id, input.body, now);
  const reactions = toReactions(await readReactions(em, comment.id));
  const view = () => viewComment(comment, actor, reactions);
  if (comment.body === before) return view;
  if (input.mentioned.length > 0) {
    const known = await em.find(CommentMention, { commentId: comment.id });
    const isKnown = new Set(known.map((mention) => mention.actorId));
    const added = input.mentioned.filter((actorId) => !isKnown.has(actorId));
    addMentions(em, actor, { commentId: comment.id, actorIds: added, at: now });
  }
  const { projectId, body } = input;
  emit(em, `project:${projectId}`, 'comment.edited', view);
  recordReferences(em, { projectId, source: { commentId: comment.id }, text: body, isNew: false });
  return view;
}
