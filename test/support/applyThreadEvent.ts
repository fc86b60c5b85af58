import type { ThreadsSnapshot } from '../../src/views/sql/readThreadsSnapshot.ts';
import type { CommentView, ThreadView } from '../../src/views/threads.ts';

interface ThreadEvent {
  type: string;
  payload: unknown;
}
type Shown = ThreadsSnapshot['threads'][number];

function changeComment(
  comments: CommentView[],
  id: string,
  change: (comment: CommentView) => CommentView,
): CommentView[] {
  return comments.map((comment) => (comment.id === id ? change(comment) : comment));
}

function react(comment: CommentView, emoji: string, actorId: string, isAdded: boolean): CommentView {
  const others = comment.reactions.map((reaction) =>
    reaction.emoji === emoji
      ? { emoji, actorIds: reaction.actorIds.filter((id) => id !== actorId) }
      : reaction,
  );
  if (isAdded) {
    const known = others.find((reaction) => reaction.emoji === emoji);
    if (known) known.actorIds.push(actorId);
    else others.push({ emoji, actorIds: [actorId] });
  }
  return { ...comment, reactions: others.filter((reaction) => reaction.actorIds.length > 0) };
}

function applyToThread(shown: Shown, { type, payload }: ThreadEvent): Shown {
  const comments = shown.comments;
  switch (type) {
    case 'comment.added':
      return { ...shown, comments: [...comments, payload as CommentView] };
    case 'comment.edited':
      return {
        ...shown,
        comments: changeComment(comments, (payload as CommentView).id, () => payload as CommentView),
      };
    case 'comment.deleted':
      return {
        ...shown,
        comments: comments.filter((comment) => comment.id !== (payload as { id: string }).id),
      };
    case 'comment.reacted':
    case 'comment.unreacted': {
      const { commentId, emoji, actorId } = payload as { commentId: string; emoji: string; actorId: string };
      return {
        ...shown,
        comments: changeComment(comments, commentId, (comment) =>
          react(comment, emoji, actorId, type === 'comment.reacted'),
        ),
      };
    }
    default:
      return { ...shown, thread: payload as ThreadView };
  }
}

/**
 * What a front end makes of an event of `threads.watch`: the state before, with the event, is the state
 * after. (A restored thread comes without its comments: a front end asks for them.)
 */
export function applyThreadEvent(threads: Shown[], event: ThreadEvent): Shown[] {
  if (event.type === 'thread.created') {
    const { thread, comment } = event.payload as { thread: ThreadView; comment: CommentView };
    return [{ thread, comments: [comment], hasEarlierComments: false }, ...threads];
  }
  const { id, threadId } = event.payload as { id: string; threadId?: string };
  if (event.type === 'thread.deleted') return threads.filter(({ thread }) => thread.id !== id);
  return threads.map((shown) => (shown.thread.id === (threadId ?? id) ? applyToThread(shown, event) : shown));
}
