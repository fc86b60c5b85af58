import type { Watched } from './index.ts';

type Event = Watched<'projects'>;
/** The project that `projects.watch` begins with, and that its events keep up to date, with its figures. */
export type ProjectState = Extract<Event, { type: 'snapshot' }>['project'];
type Counts = ProjectState['counts'];

function count(project: ProjectState, name: keyof Counts, by: 1 | -1): ProjectState {
  return { ...project, counts: { ...project.counts, [name]: project.counts[name] + by } };
}

/**
 * The project after an event of `projects.watch`; `project` is what it was before, undefined at first. It is
 * not changed. What the project contains is kept up to date by `applyToThreads` and `applyToList`.
 * @throws TypeError for an event without a project to apply it to.
 */
export function applyToProject(project: ProjectState | undefined, event: Event): ProjectState {
  if (event.type === 'snapshot' || event.type === 'resync') return event.project;
  if (!project) throw new TypeError(`${event.type} came before the snapshot that it changes.`);
  switch (event.type) {
    case 'project.created':
    case 'project.updated':
    case 'project.deleted':
    case 'project.restored':
      return { ...project, ...event.payload };
    case 'manifest.created':
      return { ...project, manifestVersion: event.payload.version };
    case 'member.added':
      return count(project, 'members', 1);
    case 'member.removed':
      return count(project, 'members', -1);
    case 'star.added':
      return count(project, 'stars', 1);
    case 'star.removed':
      return count(project, 'stars', -1);
    case 'thread.created':
    case 'thread.reopened':
      return count(project, 'openThreads', 1);
    case 'thread.resolved':
      return count(project, 'openThreads', -1);
    case 'thread.deleted':
      return event.payload.status === 'open' ? count(project, 'openThreads', -1) : project;
    case 'thread.restored':
      return event.payload.status === 'open' ? count(project, 'openThreads', 1) : project;
    case 'job.queued':
      // One that was started before went back into the queue from its worker: it was counted all the time.
      return event.payload.startedAt === null ? count(project, 'runningJobs', 1) : project;
    case 'job.completed':
    case 'job.failed':
    case 'job.cancelled':
      return count(project, 'runningJobs', -1);
    default:
      return project;
  }
}
