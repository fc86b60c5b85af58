import type { EntityManager } from '@mikro-orm/postgresql';
import { Comment } from '../../entities/threads/Comment.ts';
import { CommentThread } from '../../entities/threads/CommentThread.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { viewComment, viewThread } from '../../views/threads.ts';
import { recordReferences } from '../social/recordReferences.ts';
import { addMentions } from './addMentions.ts';
import type { PlacedThread } from './placeThread.ts';
import { findLatestVersion } from './sql/findLatestVersion.ts';
import { lockManifests } from './sql/lockManifests.ts';
import { type SubjectType, checkSubject } from './subjectTypes.ts';

/** A sync brought a new version after the thread's place was found; find it anew and try again. */
export class PlaceOvertaken extends Error {
  override name = 'PlaceOvertaken';
}

/** What a thread stands on besides lines of a file; with a range of time in a medium. */
export interface ThreadSubject {
  subjectType: SubjectType;
  subjectId: string;
  startMs?: number | undefined;
  endMs?: number | undefined;
}

export interface NewThread {
  id?: string | undefined;
  projectId: string;
  title?: string | null | undefined;
  /** Of the first comment. */
  body: string;
  /** Ids of the actors whom the body mentions and who may see the thread. */
  mentioned: readonly string[];
  on: PlacedThread | ThreadSubject;
}

async function checkPlace(
  em: EntityManager,
  projectId: string,
  { placedVersion }: PlacedThread,
): Promise<void> {
  await lockManifests(em, projectId);
  if ((await findLatestVersion(em, projectId)) !== placedVersion) throw new PlaceOvertaken();
}

/**
 * Opens a thread with its first comment.
 * @throws NOT_FOUND when the project has no such subject; PlaceOvertaken.
 */
export async function createThread(
  em: EntityManager,
  actor: ActorRef,
  { projectId, on, ...input }: NewThread,
): Promise<{ thread: CommentThread; comment: Comment }> {
  if ('anchor' in on) await checkPlace(em, projectId, on);
  else await checkSubject(em, projectId, on.subjectType, on.subjectId);
  const thread = em.create(CommentThread, {
    ...(input.id ? { id: input.id } : {}),
    projectId,
    authorId: actor.id,
    title: input.title ?? null,
    status: 'open',
    placement: 'current',
    ...on,
  });
  const comment = em.create(Comment, {
    threadId: thread.id,
    authorId: actor.id,
    authorType: 'USER',
    body: input.body,
  });
  addMentions(em, actor, { commentId: comment.id, actorIds: input.mentioned, at: comment.createdAt });
  emit(em, `project:${projectId}`, 'thread.created', () => ({
    thread: viewThread(thread, actor),
    comment: viewComment(comment, actor),
  }));
  const source = { commentId: comment.id };
  recordReferences(em, { projectId, source, text: input.body, isNew: true });
  return { thread, comment };
}
