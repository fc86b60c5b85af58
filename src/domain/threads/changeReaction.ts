import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { toReactions } from '../../views/sql/commentRow.ts';
import { deleteReaction } from './sql/deleteReaction.ts';
import { findCommentThread } from './sql/findCommentThread.ts';
import { insertReaction } from './sql/insertReaction.ts';
import { readReactions } from './sql/readReactions.ts';

interface Change {
  projectId: string;
  commentId: string;
  /** As `normalizeEmoji` gives it. */
  emoji: string;
}

export interface Reaction {
  threadId: string;
  commentId: string;
  actorId: string;
  emoji: string;
}

async function describe(
  em: EntityManager,
  actor: ActorRef,
  { projectId, commentId, emoji }: Change,
): Promise<Reaction> {
  const threadId = await findCommentThread(em, projectId, commentId);
  if (!threadId) return fail('NOT_FOUND', { thing: 'comment' });
  return { threadId, commentId, actorId: actor.id, emoji };
}

/** The event says what now stands under the comment, so that watchers need not know when each came. */
async function record(
  em: EntityManager,
  action: 'create' | 'delete',
  reaction: Reaction,
  projectId: string,
): Promise<void> {
  const entityId = `${reaction.commentId} ${reaction.actorId} ${reaction.emoji}`;
  audit(em, { action, entityType: 'comment_reactions', entityId, projectId });
  const reactions = toReactions(await readReactions(em, reaction.commentId));
  emit(em, `project:${projectId}`, action === 'create' ? 'comment.reacted' : 'comment.unreacted', () => ({
    ...reaction,
    reactions,
  }));
}

/** Puts the actor's emoji under a comment; once however often it is called. @throws NOT_FOUND */
export async function reactToComment(em: EntityManager, actor: ActorRef, change: Change): Promise<Reaction> {
  const reaction = await describe(em, actor, change);
  if (await insertReaction(em, reaction)) await record(em, 'create', reaction, change.projectId);
  return reaction;
}

/** Takes the actor's emoji away, if it is there. @throws NOT_FOUND */
export async function unreactToComment(
  em: EntityManager,
  actor: ActorRef,
  change: Change,
): Promise<Reaction> {
  const reaction = await describe(em, actor, change);
  if (await deleteReaction(em, reaction)) await record(em, 'delete', reaction, change.projectId);
  return reaction;
}
