import type { EntityManager } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import type { LogEvent } from '../../events/watch.ts';
import type { Surroundings } from './draftNotices.ts';
import { findActorNames } from './sql/findActorNames.ts';
import { findCommentMentions } from './sql/findCommentMentions.ts';
import { findThreadFollowers } from './sql/findThreadFollowers.ts';

function* each<T extends LogEvent['type']>(
  events: readonly LogEvent[],
  ...types: T[]
): Generator<LogEvent<T>> {
  for (const event of events) if ((types as string[]).includes(event.type)) yield event as LogEvent<T>;
}

async function findProjectName(em: EntityManager, projectId: string): Promise<string> {
  const project = await em.findOne(Project, { id: projectId }, { filters: false, fields: ['name'] });
  return project?.name ?? 'a project';
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
  let isNamed = false;
  for (const { payload } of each(events, 'comment.added', 'comment.edited')) commentIds.add(payload.id);
  for (const { payload } of each(events, 'thread.created')) commentIds.add(payload.comment.id);
  for (const { payload } of each(events, 'comment.added')) threadIds.add(payload.threadId);
  for (const { payload } of each(events, 'thread.resolved')) threadIds.add(payload.id);
  for (const { actorId } of each(events, 'thread.resolved', 'member.added'))
    if (actorId) actorIds.add(actorId);
  for (const _ of each(events, 'member.added')) isNamed = true;
  return {
    comments: new Map((await findCommentMentions(em, [...commentIds])).map((row) => [row.commentId, row])),
    followers: Map.groupBy(await findThreadFollowers(em, [...threadIds]), (row) => row.threadId),
    names: await findActorNames(em, [...actorIds]),
    projectName: isNamed ? await findProjectName(em, projectId) : '',
  };
}
