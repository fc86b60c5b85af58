import type { LogEvent } from '../../events/watch.ts';
import type { EventType } from '../../events/catalogue.ts';
import type { CommentView } from '../../views/threads.ts';
import { draftIssue, noticedIssueTypes } from './draftIssue.ts';
import { draftTask, noticedTaskTypes } from './draftTask.ts';
import { draftWebhook } from './draftWebhook.ts';
import { cut, excerpt } from './excerpt.ts';
import { type Notice, type Surroundings, nameOf, watchersAt } from './Notice.ts';

/** Types of event that someone is told of. */
export const noticedTypes = [
  'thread.created',
  'thread.resolved',
  'comment.added',
  'comment.edited',
  'job.completed',
  'job.failed',
  'member.added',
  'webhook.disabled',
  ...noticedIssueTypes,
  ...noticedTaskTypes,
] as const satisfies EventType[];

interface Place {
  title: string | null;
  filePath: string | null;
  lineStart: number | null;
  subjectType: string | null;
  /** Of the issue, task or milestone that the thread stands on, where it is known. */
  subjectTitle?: string | null;
}

/** What a thread stands on, in words. */
function groundOf({ filePath, lineStart, subjectType, subjectTitle }: Place): string {
  if (filePath) return `${filePath}:${lineStart}`;
  return subjectTitle ? `the ${subjectType} “${subjectTitle}”` : `the ${subjectType}`;
}

/** What a thread is about, in words. */
function placeOf(thread: Place): string {
  return thread.title ? `“${thread.title}”` : groundOf(thread);
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

/** Those who hear of a comment by what they follow: its thread, or the whole project but for what they muted. */
function hearersOf(
  surroundings: Surroundings,
  threadId: string,
  of: { madeAt: Date; loggedAt: Date },
): string[] {
  const muted = surroundings.muted.get(threadId);
  const watchers = watchersAt(surroundings, of.loggedAt).filter((actorId) => !muted?.has(actorId));
  return [...new Set([...followersAt(surroundings, threadId, of), ...watchers])];
}

/** Those mentioned hear of that, and not also of the comment. `at`: the change that brought the mentions. */
function draftComment(
  comment: CommentView,
  at: Date,
  hearers: readonly string[],
  surroundings: Surroundings,
  { isFirst = false } = {},
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
  const type = isFirst ? 'thread.created' : 'comment';
  const opened = known.title ? `opened “${known.title}”` : `opened a thread on ${groundOf(known)}`;
  const title = `${author} ${isFirst ? opened : `commented on ${placeOf(known)}`}`;
  for (const userId of hearers) if (!mentioned.has(userId)) notices.push({ ...about, userId, type, title });
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
      const of = { madeAt: createdAt, loggedAt: event.createdAt };
      return draftComment(comment, createdAt, hearersOf(surroundings, comment.threadId, of), surroundings);
    }
    case 'comment.edited': {
      const comment = (event as LogEvent<'comment.edited'>).payload;
      return draftComment(comment, comment.editedAt ?? comment.createdAt, [], surroundings);
    }
    case 'thread.created': {
      const { comment } = (event as LogEvent<'thread.created'>).payload;
      const { createdAt } = comment;
      const of = { madeAt: createdAt, loggedAt: event.createdAt };
      const hearers = hearersOf(surroundings, comment.threadId, of);
      return draftComment(comment, createdAt, hearers, surroundings, { isFirst: true });
    }
    case 'thread.resolved':
      return draftResolved(event as LogEvent<'thread.resolved'>, surroundings);
    case 'job.completed':
    case 'job.failed':
      return draftJob(event as LogEvent<'job.completed' | 'job.failed'>);
    case 'member.added':
      return draftMember(event as LogEvent<'member.added'>, surroundings);
    case 'webhook.disabled':
      return draftWebhook(event as LogEvent<'webhook.disabled'>, surroundings);
    case 'issue.created':
    case 'issue.assigned':
    case 'issue.closed':
      return draftIssue(event as LogEvent<(typeof noticedIssueTypes)[number]>, surroundings);
    case 'task.created':
    case 'task.assigned':
    case 'task.unblocked':
    case 'task.due':
      return draftTask(event as LogEvent<(typeof noticedTaskTypes)[number]>, surroundings);
    default:
      return [];
  }
}
