import type { EntityManager } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import type { LogEvent } from '../../events/watch.ts';
import { findMentions } from '../threads/findMentions.ts';
import type { Surroundings } from './Notice.ts';
import { findActorNames } from './sql/findActorNames.ts';
import { findActorsByUsername } from './sql/findActorsByUsername.ts';
import { findCommentMentions } from './sql/findCommentMentions.ts';
import { findMuted } from './sql/findMuted.ts';
import { findThreadFollowers } from './sql/findThreadFollowers.ts';
import { findWatchers } from './sql/findWatchers.ts';

function* each<T extends LogEvent['type']>(
  events: readonly LogEvent[],
  ...types: T[]
): Generator<LogEvent<T>> {
  for (const event of events) if ((types as string[]).includes(event.type)) yield event as LogEvent<T>;
}

/** Events whose notices name who caused them. */
const namedTypes = [
  'thread.resolved',
  'member.added',
  'issue.created',
  'issue.assigned',
  'issue.closed',
  'task.created',
  'task.assigned',
] as const;

async function describeProject(
  em: EntityManager,
  projectId: string,
): Promise<Pick<Surroundings, 'projectName' | 'ownerId'>> {
  const fields = ['name', 'ownerId'] as const;
  const project = await em.findOne(Project, { id: projectId }, { filters: false, fields });
  return { projectName: project?.name ?? 'a project', ownerId: project?.ownerId ?? null };
}

/** Reads what the notices of a batch of events of one project need: a statement for each kind of it, not for each event. */
export async function readSurroundings(
  em: EntityManager,
  projectId: string,
  events: readonly LogEvent[],
): Promise<Surroundings> {
  const commentIds = new Set<string>();
  const threadIds = new Set<string>();
  const actorIds = new Set<string>();
  const usernames = new Set<string>();
  let isNamed = false;
  let isWatched = false;
  for (const { payload } of each(events, 'comment.added', 'comment.edited')) commentIds.add(payload.id);
  for (const { payload } of each(events, 'comment.added')) threadIds.add(payload.threadId);
  for (const { payload } of each(events, 'thread.created')) {
    commentIds.add(payload.comment.id);
    threadIds.add(payload.thread.id);
  }
  for (const { payload } of each(events, 'thread.resolved')) threadIds.add(payload.id);
  for (const { payload } of each(events, 'issue.created'))
    for (const username of findMentions(payload.body)) usernames.add(username);
  for (const { actorId } of each(events, ...namedTypes)) if (actorId) actorIds.add(actorId);
  for (const _ of each(events, 'member.added', 'webhook.disabled')) isNamed = true;
  for (const _ of each(events, 'thread.created', 'comment.added', 'issue.created')) isWatched = true;
  const watchers = isWatched ? await findWatchers(em, projectId) : [];
  const muted = watchers.length > 0 ? await findMuted(em, [...threadIds]) : [];
  return {
    comments: new Map((await findCommentMentions(em, [...commentIds])).map((row) => [row.commentId, row])),
    followers: Map.groupBy(await findThreadFollowers(em, [...threadIds]), (row) => row.threadId),
    watchers,
    muted: new Map(muted.map((row) => [row.threadId, new Set(row.actorIds)])),
    mentioned: await findActorsByUsername(em, [...usernames]),
    names: await findActorNames(em, [...actorIds]),
    ...(isNamed ? await describeProject(em, projectId) : { projectName: '', ownerId: null }),
  };
}
