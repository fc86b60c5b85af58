import type { Watched } from './index.ts';

type Event = Watched<'threads'>;
/** What `threads.watch` begins with, and what its events keep up to date. */
export type ThreadsState = Pick<Extract<Event, { type: 'snapshot' }>, 'threads' | 'hasMoreThreads'>;
type Shown = ThreadsState['threads'][number];
type Thread = Shown['thread'];
type Comment = Shown['comments'][number];

/** Whether `a` is older than `b`; ids are asked where the moments are the same, as lists do. */
const isBefore = (a: { createdAt: Date; id: string }, b: { createdAt: Date; id: string }) =>
  a.createdAt < b.createdAt || (a.createdAt.getTime() === b.createdAt.getTime() && a.id < b.id);

/** Threads stand newest first. */
function putThread(threads: Shown[], shown: Shown): Shown[] {
  const others = threads.filter(({ thread }) => thread.id !== shown.thread.id);
  const at = others.findIndex(({ thread }) => isBefore(thread, shown.thread));
  return at === -1 ? [...others, shown] : others.toSpliced(at, 0, shown);
}

/** Comments stand oldest first. */
function putComment(comments: Comment[], comment: Comment): Comment[] {
  const others = comments.filter(({ id }) => id !== comment.id);
  const at = others.findIndex((other) => isBefore(comment, other));
  return at === -1 ? [...others, comment] : others.toSpliced(at, 0, comment);
}

function changeThread(state: ThreadsState, id: string, change: (shown: Shown) => Shown): ThreadsState {
  return {
    ...state,
    threads: state.threads.map((shown) => (shown.thread.id === id ? change(shown) : shown)),
  };
}

function changeComments(
  state: ThreadsState,
  threadId: string,
  change: (comments: Comment[]) => Comment[],
): ThreadsState {
  return changeThread(state, threadId, (shown) => ({ ...shown, comments: change(shown.comments) }));
}

/** A thread that may have come from elsewhere: then its comments are to be loaded. */
function showThread(state: ThreadsState, thread: Thread): ThreadsState {
  const known = state.threads.find((shown) => shown.thread.id === thread.id);
  // Shown, an older one would leave a hole before it: it comes with its page of `threads.list`.
  const isBeyond = state.hasMoreThreads && !state.threads.some((shown) => isBefore(shown.thread, thread));
  if (!known && isBeyond) return state;
  const shown = known ? { ...known, thread } : { thread, comments: [], hasEarlierComments: true };
  return { ...state, threads: putThread(state.threads, shown) };
}

/**
 * What is shown after an event of `threads.watch`; `state` is what was shown before it, undefined at first.
 * It is not changed. Nothing is cut off at the 50 newest. A thread that comes without its comments (a
 * restored one, or one that has moved into the watched file) says `hasEarlierComments`: `comments.list` has
 * them; one older than all that are shown is left to `threads.list`. One that has left the watched file stays, and says in `filePath` where it is.
 * @throws TypeError for an event without a state to apply it to.
 */
export function applyToThreads(state: ThreadsState | undefined, event: Event): ThreadsState {
  if (event.type === 'snapshot' || event.type === 'resync') {
    const { threads, hasMoreThreads } = event;
    return { threads, hasMoreThreads };
  }
  if (!state) throw new TypeError(`${event.type} came before the snapshot that it changes.`);
  switch (event.type) {
    case 'thread.created': {
      const { thread, comment } = event.payload;
      const shown = { thread, comments: [comment], hasEarlierComments: false };
      return { ...state, threads: putThread(state.threads, shown) };
    }
    case 'thread.deleted':
      return { ...state, threads: state.threads.filter(({ thread }) => thread.id !== event.payload.id) };
    case 'thread.restored':
    case 'thread.resolved':
    case 'thread.reopened':
    case 'thread.moved':
    case 'thread.outdated':
      return showThread(state, event.payload);
    case 'comment.added':
      return changeComments(state, event.payload.threadId, (all) => putComment(all, event.payload));
    case 'comment.edited':
      return changeComments(state, event.payload.threadId, (all) =>
        all.map((comment) =>
          // Its reactions have events of their own, and may have changed while it was edited.
          comment.id === event.payload.id ? { ...event.payload, reactions: comment.reactions } : comment,
        ),
      );
    case 'comment.deleted':
      return changeComments(state, event.payload.threadId, (all) =>
        all.filter(({ id }) => id !== event.payload.id),
      );
    case 'comment.reacted':
    case 'comment.unreacted': {
      const { threadId, commentId, reactions } = event.payload;
      return changeComments(state, threadId, (all) =>
        all.map((comment) => (comment.id === commentId ? { ...comment, reactions } : comment)),
      );
    }
    default:
      return state;
  }
}
