import type { Outputs } from 'tessera-client';

type Notification = Pick<
  Outputs['notifications']['list']['items'][number],
  'subject' | 'projectId' | 'payload'
>;

/** Pages by what they show, below the project's own. */
const pages: Record<string, string> = {
  thread: 'threads',
  issue: 'issues',
  task: 'tasks',
  job: 'jobs',
  webhook: 'webhooks',
};

/** The page that shows what a notification is about; undefined where the inbox itself does. */
export function placeOf({ subject, projectId }: Notification): string | undefined {
  const [noun = '', id = ''] = subject.split(':');
  if (noun === 'credits') return '/credits';
  if (noun === 'transfer' || projectId === null) return undefined;
  const page = pages[noun];
  return page ? `/projects/${projectId}/${page}/${id}` : `/projects/${projectId}/activity`;
}
