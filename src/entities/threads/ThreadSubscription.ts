import { defineEntity, p } from '@mikro-orm/core';
import { updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { CommentThread } from './CommentThread.ts';

/**
 * A person's own choice about a thread. Who opened it, wrote in it or was mentioned in it follows it
 * without a row; a row says that someone else follows it too, or that a follower wants silence.
 */
export const ThreadSubscriptionSchema = defineEntity({
  name: 'ThreadSubscription',
  tableName: 'thread_subscriptions',
  properties: {
    threadId: () => p.manyToOne(CommentThread).mapToPk().primary().deleteRule('cascade'),
    actorId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade').index(),
    state: p.enum(['subscribed', 'muted'] as const).nativeEnumName('thread_subscription_state'),
    updatedAt: updatedAt(),
  },
});

export class ThreadSubscription extends ThreadSubscriptionSchema.class {}
ThreadSubscriptionSchema.setClass(ThreadSubscription);
