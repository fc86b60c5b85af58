import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, text } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Comment } from './Comment.ts';

/** One person's emoji under a comment. */
export const CommentReactionSchema = defineEntity({
  name: 'CommentReaction',
  tableName: 'comment_reactions',
  properties: {
    commentId: () => p.manyToOne(Comment).mapToPk().primary().deleteRule('cascade'),
    actorId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade').index(),
    emoji: text(32).primary(),
    createdAt: createdAt(),
  },
});

export class CommentReaction extends CommentReactionSchema.class {}
CommentReactionSchema.setClass(CommentReaction);
