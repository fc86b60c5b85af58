/** Pages of the console by what they show, below the page of the project. */
const pages: Record<string, string> = {
  thread: 'threads',
  issue: 'issues',
  task: 'tasks',
  job: 'jobs',
  webhook: 'webhooks',
};

/**
 * The page that shows what a notification is about; where there is none, the inbox.
 * @param publicUrl without a slash at the end
 */
export function linkOf(publicUrl: string, of: { projectId: string | null; subject: string }): string {
  const [noun = '', id = ''] = of.subject.split(':');
  if (noun === 'credits') return `${publicUrl}/credits`;
  if (of.projectId === null) return `${publicUrl}/inbox`;
  const page = pages[noun];
  return `${publicUrl}/projects/${of.projectId}/${page ? `${page}/${encodeURIComponent(id)}` : 'activity'}`;
}
