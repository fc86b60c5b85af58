import { randomUUID } from 'node:crypto';
import type { CommentView } from '../../src/views/threads.ts';
import type { WireEvent } from '../../src/events/watch.ts';

/** In every comment that is sent around, to know it by. */
export const mark = 'they say what they found in these lines';

const body = `A comment as people write them when they discuss a line of code: it names the thing, and ${mark}.`;
const threadId = randomUUID();
const author = { id: randomUUID(), username: 'person0', name: 'Person 0', actorType: 'person' as const };

/** A comment of ordinary length, as `comments.add` answers it. */
export function makeComment(): CommentView {
  return {
    id: randomUUID(),
    threadId,
    author,
    authorType: 'USER',
    body,
    reactions: [],
    editedAt: null,
    createdAt: new Date(),
  };
}

/** The event of such a comment, as watchers get it: about 600 bytes of JSON. */
export function makeEvent(seq: number): WireEvent<'comment.added'> {
  const payload = makeComment();
  return {
    seq,
    type: 'comment.added',
    subject: `thread:${threadId}`,
    payload,
    actorId: author.id,
    mutationId: null,
    createdAt: payload.createdAt,
  };
}
