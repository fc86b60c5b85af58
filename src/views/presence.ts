import { z } from 'zod';
import { moment, uuid } from './columns.ts';
import { type ActorRef, actorRef, viewActorRef } from './identity.ts';

export const placeView = z.object({
  placeId: z.string(),
  /** What is open there, as `presence.set` takes it: `thread:<id>`, `file:<path>`, or null for the project as such. */
  subject: z.string().nullable(),
  /** The file, also where a thread in it is open. */
  filePath: z.string().nullable(),
  threadId: uuid.nullable(),
  state: z.enum(['active', 'idle']),
  changedAt: moment,
});
export type PlaceView = z.infer<typeof placeView>;

/** Somebody who is here: one person, however many tabs and devices. */
export const presentPerson = z.object({
  actor: actorRef,
  /** `active` when at least one place is. */
  state: z.enum(['active', 'idle']),
  /** When they last did something in any of their places. */
  lastSeenAt: moment,
  /** Newest first. */
  places: z.array(placeView),
});
export type PresentPerson = z.infer<typeof presentPerson>;

/** What `presence.watch` tells: who is here first, then who comes, moves and goes. */
export type PresenceChange =
  | { type: 'snapshot'; people: PresentPerson[] }
  | { type: 'present'; person: PresentPerson }
  | { type: 'left'; actorId: string };

/** What `presence.watchTyping` tells: who types first, then who starts and who stops. */
export type TypingChange =
  | { type: 'snapshot'; typing: { threadId: string; actor: ActorRef }[] }
  | { type: 'started' | 'stopped'; threadId: string; actor: ActorRef };

/** A place with whose it is. */
export interface PlaceRow {
  project_id: string;
  place_id: string;
  thread_id: string | null;
  file_path: string | null;
  state: 'active' | 'idle';
  changed_at: Date;
  id: string;
  username: string;
  name: string;
  actor_type: ActorRef['actorType'];
}

function viewPlace(row: PlaceRow): PlaceView {
  const { place_id: placeId, thread_id: threadId, file_path: filePath, state, changed_at: changedAt } = row;
  const subject = threadId ? `thread:${threadId}` : filePath === null ? null : `file:${filePath}`;
  return { placeId, subject, filePath, threadId, state, changedAt };
}

/** @param rows all places of one person, newest first. */
export function viewPresentPerson(rows: readonly [PlaceRow, ...PlaceRow[]]): PresentPerson {
  const [newest] = rows;
  return {
    actor: viewActorRef({ ...newest, actorType: newest.actor_type }),
    state: rows.some(({ state }) => state === 'active') ? 'active' : 'idle',
    lastSeenAt: newest.changed_at,
    places: rows.map(viewPlace),
  };
}
