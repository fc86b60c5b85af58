import type { EntityManager } from '@mikro-orm/postgresql';
import type { CommentThread } from '../../entities/threads/CommentThread.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { type ThreadView, viewThread } from '../../views/threads.ts';
import { findAuthor } from './findAuthor.ts';

type ThreadEvent = 'thread.resolved' | 'thread.reopened' | 'thread.deleted' | 'thread.restored';

/**
 * Changes a thread that `findThread` gave, and says so, unless it is that way already.
 * @returns what shows the thread once it is flushed.
 */
async function change(
  em: EntityManager,
  actor: ActorRef,
  thread: CommentThread,
  type: ThreadEvent,
  apply: (() => void) | false,
): Promise<() => ThreadView> {
  const author = await findAuthor(em, actor, thread.authorId);
  const view = () => viewThread(thread, author);
  if (apply) {
    apply();
    emit(em, `project:${thread.projectId}`, type, view);
  }
  return view;
}

/** Marks a thread as settled; resolving one twice changes nothing. */
export async function resolveThread(
  em: EntityManager,
  actor: ActorRef,
  thread: CommentThread,
): Promise<() => ThreadView> {
  const isOpen = thread.status === 'open';
  return change(em, actor, thread, 'thread.resolved', isOpen && (() => thread.resolve(actor.id, new Date())));
}

/** Opens a resolved thread again; an open one stays as it is. */
export async function reopenThread(
  em: EntityManager,
  actor: ActorRef,
  thread: CommentThread,
): Promise<() => ThreadView> {
  return change(
    em,
    actor,
    thread,
    'thread.reopened',
    thread.status === 'resolved' && (() => thread.reopen()),
  );
}

/** Deletes a thread softly, with its comments. */
export async function deleteThread(
  em: EntityManager,
  actor: ActorRef,
  thread: CommentThread,
): Promise<() => ThreadView> {
  return change(em, actor, thread, 'thread.deleted', () => {
    thread.deletedAt = new Date();
  });
}

/** Takes a deleted thread back; one that was not deleted stays as it is. */
export async function restoreThread(
  em: EntityManager,
  actor: ActorRef,
  thread: CommentThread,
): Promise<() => ThreadView> {
  const restore = () => {
    thread.deletedAt = null;
  };
  return change(em, actor, thread, 'thread.restored', Boolean(thread.deletedAt) && restore);
}
