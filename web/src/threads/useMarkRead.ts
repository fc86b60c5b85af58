import { useIntersection } from '@mantine/hooks';
import { useEffect, useSyncExternalStore } from 'react';
import { client } from '../api.ts';
import { useAccount } from '../kit/useAccount.ts';
import { useRight } from '../kit/useRight.ts';
import type { CommentView } from './useThread.ts';

/** Milliseconds for which a comment has to be in view. */
const seenMs = 700;
/** The newest comment of each thread that was said to be read. */
const told = new Map<string, string>();

function watchVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

/** Marks a thread read while its end is in view. @returns a ref for what stands at its end */
export function useMarkRead(
  projectId: string,
  threadId: string,
  newest: CommentView | undefined,
): (element: HTMLElement | null) => void {
  const ownId = useAccount().data?.id;
  const isAllowed = useRight('threads.markRead', projectId);
  const isVisible = useSyncExternalStore(watchVisibility, () => document.visibilityState === 'visible');
  const { ref, entry } = useIntersection<HTMLElement>();
  const isSeen = isVisible && (entry?.isIntersecting ?? false);
  const commentId = newest?.id;
  const isOwn = newest !== undefined && newest.author?.id === ownId;
  useEffect(() => {
    if (!isAllowed || !isSeen || isOwn || commentId === undefined || told.get(threadId) === commentId)
      return undefined;
    const timer = setTimeout(() => {
      told.set(threadId, commentId);
      client.threads.markRead
        .mutate({ projectId, threadId, commentId })
        // It is said again when the next one is seen.
        .catch(() => told.delete(threadId));
    }, seenMs);
    return () => clearTimeout(timer);
  }, [isAllowed, isSeen, isOwn, commentId, projectId, threadId]);
  return ref;
}
