import type { Authorizer } from '../../authz/Authorizer.ts';
import type { MailedNotification } from './sql/loadDigest.ts';

/** What a person must be allowed to call to be told of something, by what it is about. */
const permissions: Record<string, string> = {
  thread: 'threads.get',
  issue: 'issues.get',
  task: 'tasks.get',
  job: 'jobs.get',
  webhook: 'webhooks.get',
};
const permissionFor = (subject: string) => permissions[subject.split(':')[0] ?? ''] ?? 'projects.get';

/** Of these notifications those that the person may see now: since they were told, rights may have gone. */
export async function selectVisible(
  authorizer: Authorizer,
  userId: string,
  notifications: readonly MailedNotification[],
): Promise<MailedNotification[]> {
  const asked = new Map<string, Promise<string[]>>();
  const maySee = async ({ projectId, subject }: MailedNotification): Promise<boolean> => {
    if (projectId === null) return true;
    const permission = permissionFor(subject);
    const key = `${projectId} ${permission}`;
    const answer = asked.get(key) ?? authorizer.filterAllowed([userId], permission, projectId);
    asked.set(key, answer);
    return (await answer).includes(userId);
  };
  const visible: MailedNotification[] = [];
  for (const notification of notifications) if (await maySee(notification)) visible.push(notification);
  return visible;
}
