import { useState } from 'react';
import { type Outputs, type ThreadsState, type Watched, applyToThreads } from 'tessera-client';
import { client, noteFailure } from '../api.ts';
import type { LiveSource } from '../kit/live/LiveSource.ts';
import { sourceOf, tracked, useLive } from '../kit/live/useLive.ts';

export type ThreadView = ThreadsState['threads'][number]['thread'];
export type CommentView = Outputs['comments']['list']['items'][number];

type ThreadEvent = Watched<'threads'>;
/** Older comments, read by the page: the events that follow keep them up to date too. */
interface Earlier {
  type: 'earlier';
  comments: readonly CommentView[];
  hasEarlierComments: boolean;
}
type Told = ThreadEvent | Earlier;

const pageSize = 100;
const tellers = new Map<string, (event: Told) => void>();
/** How far back each thread was read. */
const cursors = new Map<string, string>();

function apply(state: ThreadsState | undefined, event: Told): ThreadsState {
  if (event.type !== 'earlier') return applyToThreads(state, event);
  const shown = state?.threads[0];
  if (!shown) return { hasMoreThreads: false, threads: [] };
  const known = new Set(shown.comments.map(({ id }) => id));
  const earlier = event.comments.filter(({ id }) => !known.has(id)).toReversed();
  const comments = [...earlier, ...shown.comments];
  const { hasEarlierComments } = event;
  return { hasMoreThreads: false, threads: [{ ...shown, comments, hasEarlierComments }] };
}

const threadSource = (projectId: string, threadId: string): LiveSource<ThreadsState, Told> =>
  sourceOf<ThreadsState, Told>(
    `thread:${threadId}`,
    (handlers) => {
      tellers.set(threadId, handlers.onData);
      const open = tracked<ThreadEvent>((on) => client.threads.watch.subscribe({ projectId, threadId }, on));
      return open({
        ...handlers,
        onData(event) {
          if (event.type === 'snapshot' || event.type === 'resync') cursors.delete(threadId);
          handlers.onData(event);
        },
      });
    },
    apply,
  );

/** Where a list of comments that begins with this one goes on backwards. */
async function readEarlier(
  projectId: string,
  threadId: string,
  known: ReadonlySet<string>,
): Promise<Earlier> {
  const comments: CommentView[] = [];
  let cursor: string | null = cursors.get(threadId) ?? null;
  // The first page may hold nothing but what the snapshot has told.
  for (;;) {
    const page: Outputs['comments']['list'] = await client.comments.list.query({
      projectId,
      threadId,
      newestFirst: true,
      limit: pageSize,
      cursor,
    });
    comments.push(...page.items.filter(({ id }) => !known.has(id)));
    cursor = page.nextCursor;
    if (cursor === null || comments.length > 0) break;
  }
  if (cursor === null) cursors.delete(threadId);
  else cursors.set(threadId, cursor);
  return { type: 'earlier', comments, hasEarlierComments: cursor !== null };
}

export interface LiveThread {
  /** Undefined until the first snapshot; null: it has been deleted. */
  thread: ThreadView | null | undefined;
  /** Oldest first, from the first that was loaded. */
  comments: readonly CommentView[];
  /** Whether there are older ones. */
  hasEarlier: boolean;
  isLoadingEarlier: boolean;
  loadEarlier: () => void;
  error: unknown;
}

const nothing: readonly CommentView[] = [];

/** A thread with its comments, live: the newest first, older ones as they are asked for. */
export function useThread(projectId: string, threadId: string): LiveThread {
  const { state, error } = useLive(threadSource(projectId, threadId));
  const [isLoadingEarlier, setLoading] = useState(false);
  const shown = state?.threads[0];
  const loadEarlier = () => {
    if (isLoadingEarlier || !shown) return;
    setLoading(true);
    readEarlier(projectId, threadId, new Set(shown.comments.map(({ id }) => id)))
      .then((earlier) => tellers.get(threadId)?.(earlier), noteFailure)
      .finally(() => setLoading(false));
  };
  return {
    thread: state === undefined ? undefined : (shown?.thread ?? null),
    comments: shown?.comments ?? nothing,
    hasEarlier: shown?.hasEarlierComments ?? false,
    isLoadingEarlier,
    loadEarlier,
    error,
  };
}
