import type { NotificationType } from '../../views/notifications.ts';
import type { CommentMentions } from './sql/findCommentMentions.ts';
import type { ThreadFollower } from './sql/findThreadFollowers.ts';
import type { Watcher } from './sql/findWatchers.ts';

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
  /** Who wants to hear of every thread, issue and comment. */
  watchers: readonly Watcher[];
  /** By thread: watchers who want to hear nothing of it. */
  muted: ReadonlyMap<string, ReadonlySet<string>>;
  /** By comment; a comment that is deleted by now is not here. */
  comments: ReadonlyMap<string, CommentMentions>;
  /** By username, of those whom new issues mention. */
  mentioned: ReadonlyMap<string, string>;
  /** Of actors, by id. */
  names: ReadonlyMap<string, string>;
  projectName: string;
  /** Null where nothing asks for it. */
  ownerId: string | null;
}

/** How a notice calls who did something. */
export function nameOf(names: ReadonlyMap<string, string>, actorId: string | null): string {
  return (actorId && names.get(actorId)) || 'Someone';
}

/** Those who wanted to hear of everything in the project when the event happened. */
export function watchersAt({ watchers }: Surroundings, loggedAt: Date): string[] {
  return watchers.filter(({ since }) => since <= loggedAt.getTime()).map(({ actorId }) => actorId);
}
