import { defineEntity, p } from '@mikro-orm/core';
import { Actor } from '../identity/Actor.ts';
import { CommentThread } from './CommentThread.ts';

/** How far a person has read a thread: everything created up to `readUpTo`. */
export const ThreadReadSchema = defineEntity({
  name: 'ThreadRead',
  tableName: 'thread_reads',
  properties: {
    threadId: () => p.manyToOne(CommentThread).mapToPk().primary().deleteRule('cascade'),
    actorId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade').index(),
    readUpTo: p.datetime().columnType('timestamptz(3)'),
  },
});

export class ThreadRead extends ThreadReadSchema.class {}
ThreadReadSchema.setClass(ThreadRead);
