import type { LogEvent } from '../../events/watch.ts';
import type { EventType } from '../../events/catalogue.ts';
import type { NotificationType } from '../../views/notifications.ts';
import type { CommentView } from '../../views/threads.ts';
import { cut, excerpt } from './excerpt.ts';
import type { CommentMentions } from './sql/findCommentMentions.ts';
import type { ThreadFollower } from './sql/findThreadFollowers.ts';

/** What one person is to be told of one event, if they may see it and want to hear of it. */
export interface Notice {
  userId: string;
  type: NotificationType;
  /** Of any length: it is cut to its column when it is written. */
  title: string;
  message: string;
  subject: string;
  payload: Record<string, unknown>;
  /** What the person must be allowed to call in the project. */
  permission: string;
}

/** What has to be known besides the events themselves. */
export interface Surroundings {
  /** By thread. */
  followers: ReadonlyMap<string, readonly ThreadFollower[]>;
  /** By comment; a comment that is deleted by now is not here. */
  comments: ReadonlyMap<string, CommentMentions>;
  /** Of actors, by id. */
  names: ReadonlyMap<string, string>;
  projectName: string;
}

/** Types of event that someone is told of. */
export const noticedTypes = [
  'thread.created',
  'thread.resolved',
  'comment.added',
  'comment.edited',
  'job.completed',
  'job.failed',
  'member.added',
] as const satisfies EventType[];

function nameOf(names: ReadonlyMap<string, string>, actorId: string | null): string {
  return (actorId && names.get(actorId)) || 'Someone';
}

/** What a thread is about, in words. */
function placeOf(thread: {
  title: string | null;
  filePath: string | null;
  lineStart: number | null;
  subjectType: string | null;
}): string {
  if (thread.title) return `“${thread.title}”`;
  return thread.filePath ? `${thread.filePath}:${thread.lineStart}` : `the ${thread.subjectType}`;
}

/**
 * Those who followed a thread when the event happened: who began while it waited here is told of what comes
 * after. Each of the two moments is compared with one of the same clock.
 */
function followersAt(
  { followers }: Surroundings,
  threadId: string,
  of: { madeAt: Date; loggedAt: Date },
): string[] {
  return (followers.get(threadId) ?? [])
    .filter(
      ({ takesPartSince, subscribedSince }) =>
        (takesPartSince !== null && takesPartSince <= of.madeAt.getTime()) ||
        (subscribedSince !== null && subscribedSince <= of.loggedAt.getTime()),
    )
    .map((follower) => follower.actorId);
}

/** Those mentioned hear of that, and not also of the comment. `at`: the change that brought the mentions. */
function draftComment(
  comment: CommentView,
  at: Date,
  followers: readonly string[],
  surroundings: Surroundings,
): Notice[] {
  const known = surroundings.comments.get(comment.id);
  if (!known) return [];
  const { filePath, lineStart } = known;
  const author = comment.author?.name ?? 'The assistant';
  const about = {
    message: excerpt(comment.body),
    subject: `thread:${comment.threadId}`,
    payload: {
      threadId: comment.threadId,
      commentId: comment.id,
      filePath,
      lineStart,
      actorId: comment.author?.id ?? null,
    },
    permission: 'threads.get',
  };
  const mentioned = new Set(
    known.mentions.filter((mention) => mention.at === at.getTime()).map((mention) => mention.actorId),
  );
  const notices = Array.from(mentioned, (userId): Notice => ({
    ...about,
    userId,
    type: 'mention',
    title: `${author} mentioned you`,
  }));
  for (const userId of followers) {
    if (!mentioned.has(userId))
      notices.push({ ...about, userId, type: 'comment', title: `${author} commented on ${placeOf(known)}` });
  }
  return notices.filter((notice) => notice.userId !== comment.author?.id);
}

function draftResolved(event: LogEvent<'thread.resolved'>, surroundings: Surroundings): Notice[] {
  const { payload: thread, actorId, createdAt } = event;
  const title = `${nameOf(surroundings.names, actorId)} resolved ${placeOf(thread)}`;
  const payload = { threadId: thread.id, filePath: thread.filePath, lineStart: thread.lineStart, actorId };
  return followersAt(surroundings, thread.id, { madeAt: thread.resolvedAt ?? createdAt, loggedAt: createdAt })
    .filter((userId) => userId !== actorId)
    .map((userId) => ({
      userId,
      type: 'thread.resolved',
      title,
      message: thread.title ?? excerpt(thread.anchor?.text ?? ''),
      subject: `thread:${thread.id}`,
      payload,
      permission: 'threads.get',
    }));
}

function draftJob({ type, payload: job }: LogEvent<'job.completed' | 'job.failed'>): Notice[] {
  if (!job.userId) return [];
  const hasFailed = type === 'job.failed';
  const reason = job.error ? `${job.error.message} ${job.error.remedy}` : 'It failed.';
  return [
    {
      userId: job.userId,
      type,
      title: `Your job ${job.jobType} ${hasFailed ? 'failed' : 'is done'}`,
      message: hasFailed ? cut(reason, 1000) : 'Everything you asked for is there.',
      subject: `job:${job.id}`,
      payload: { jobId: job.id, jobType: job.jobType, status: job.status },
      permission: 'jobs.get',
    },
  ];
}

function draftMember(
  { payload: member, actorId }: LogEvent<'member.added'>,
  { names, projectName }: Surroundings,
): Notice[] {
  // Nobody has to be told what they did themselves; an organization has no inbox.
  if (member.actor.id === actorId || member.actor.actorType !== 'person') return [];
  return [
    {
      userId: member.actor.id,
      type: 'member.added',
      title: `${nameOf(names, actorId)} added you to ${projectName}`,
      message: `Your role in the project is ${member.role}.`,
      subject: `project:${member.projectId}`,
      payload: { projectId: member.projectId, role: member.role, actorId },
      permission: 'projects.get',
    },
  ];
}

/** Who is to be told what of an event, before it is asked who may see it and who wants to hear of it. */
export function draftNotices(event: LogEvent, surroundings: Surroundings): Notice[] {
  switch (event.type) {
    case 'comment.added': {
      const comment = (event as LogEvent<'comment.added'>).payload;
      const { createdAt } = comment;
      const followers = followersAt(surroundings, comment.threadId, {
        madeAt: createdAt,
        loggedAt: event.createdAt,
      });
      return draftComment(comment, createdAt, followers, surroundings);
    }
    case 'comment.edited': {
      const comment = (event as LogEvent<'comment.edited'>).payload;
      return draftComment(comment, comment.editedAt ?? comment.createdAt, [], surroundings);
    }
    case 'thread.created': {
      const { comment } = (event as LogEvent<'thread.created'>).payload;
      return draftComment(comment, comment.createdAt, [], surroundings);
    }
    case 'thread.resolved':
      return draftResolved(event as LogEvent<'thread.resolved'>, surroundings);
    case 'job.completed':
    case 'job.failed':
      return draftJob(event as LogEvent<'job.completed' | 'job.failed'>);
    case 'member.added':
      return draftMember(event as LogEvent<'member.added'>, surroundings);
    default:
      return [];
  }
}
