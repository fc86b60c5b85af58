import { type InboxState, type Watched, applyToInbox } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { type Live, restartRefused } from './LiveSource.ts';
import { sourceOf, tracked, useLive } from './useLive.ts';

/** Milliseconds in which changes of the inbox are gathered: a burst of them reads the counts once. */
const gatherMs = 100;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Groups, counts and offers, which no event carries, are read again where they are shown. */
function renewShown(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    const { unreadCounts, groups } = trpc.notifications;
    for (const part of [unreadCounts, groups, trpc.projects.transfers])
      void queryClient.invalidateQueries({ queryKey: part.pathKey() });
  }, gatherMs);
}

/** One's own newest notifications and how many are unread, live. The frame holds it open on every page. */
export const useLiveInbox = (): Live<InboxState> =>
  useLive(
    sourceOf(
      'inbox',
      tracked((handlers) => client.notifications.watch.subscribe({}, handlers)),
      (state: InboxState | undefined, event: Watched<'notifications'>) => {
        if (event.type !== 'checkpoint') renewShown();
        // It may say that one was added to a project whose page waits for that; a snapshot may have it in already.
        if (['notification.added', 'snapshot', 'resync'].includes(event.type)) restartRefused();
        return applyToInbox(state, event);
      },
    ),
  );
