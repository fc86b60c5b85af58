import { useQuery } from '@tanstack/react-query';
import { trpc } from '../api.ts';

/** How many of one's notifications are unread, wherever a project or a subject (`thread:<id>`) is named; live. */
export function useUnread(): {
  total: number;
  ofProject: (projectId: string) => number;
  ofSubject: (subject: string) => number;
} {
  // The inbox, which the frame holds open, has it read again whenever something changes.
  const { data } = useQuery(trpc.notifications.unreadCounts.queryOptions({}));
  return {
    total: data?.total ?? 0,
    ofProject: (projectId) => data?.projects.find((project) => project.projectId === projectId)?.unread ?? 0,
    ofSubject: (subject) => data?.subjects.find((one) => one.subject === subject)?.unread ?? 0,
  };
}
