import type { MailedNotification } from './sql/loadDigest.ts';

/** What is new about one thread, issue or task, newest first. */
export interface DigestSubject {
  projectId: string | null;
  subject: string;
  items: readonly MailedNotification[];
}

export interface DigestSection {
  /** Null: it concerns the account alone. */
  projectName: string | null;
  subjects: readonly DigestSubject[];
}

/** Sections by project, and in each what is new by subject; whatever is newest comes first. */
export function groupDigest(notifications: readonly MailedNotification[]): DigestSection[] {
  const byProject = Map.groupBy(notifications, ({ projectId }) => projectId);
  return Array.from(byProject, ([projectId, inProject]) => ({
    projectName: inProject[0]?.projectName ?? null,
    subjects: Array.from(
      Map.groupBy(inProject, ({ subject }) => subject),
      ([subject, items]) => ({ projectId, subject, items }),
    ),
  }));
}
