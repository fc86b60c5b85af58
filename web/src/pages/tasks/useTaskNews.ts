import { trpc } from '../../api.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { renewSoon } from '../../kit/renewSoon.ts';

/** Reads what is worked out from tasks again whenever one changes: who waits for whom, and the critical path. */
export function useTaskNews(projectId: string): void {
  useProjectEvents(projectId, ({ type }) => {
    if (!type.startsWith('task.') && type !== 'resync') return;
    renewSoon(trpc.tasks.dependencies.pathKey());
    renewSoon(trpc.tasks.criticalPath.pathKey());
    renewSoon(trpc.tasks.burndown.pathKey());
  });
}
