import type { ActorRef } from '../identity.ts';

/** The author of a row, joined as `a`; all null where there is none (an AI, or an anonymised person). */
export const authorColumns =
  'a.id as author_id, a.username as author_username, a.name as author_name, a.actor_type as author_actor_type';

export interface AuthorColumns {
  author_id: string | null;
  author_username: string;
  author_name: string;
  author_actor_type: ActorRef['actorType'];
}

export function toAuthor(row: AuthorColumns): ActorRef | null {
  if (row.author_id === null) return null;
  return {
    id: row.author_id,
    username: row.author_username,
    name: row.author_name,
    actorType: row.author_actor_type,
  };
}
