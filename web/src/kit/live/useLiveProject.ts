import { useEffect, useEffectEvent } from 'react';
import { type ProjectState, type Watched, applyToProject } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import type { Live, LiveSource } from './LiveSource.ts';
import { sourceOf, tracked, useLive } from './useLive.ts';

export type ProjectEvent = Watched<'projects'>;

const projectSource = (projectId: string): LiveSource<ProjectState, ProjectEvent> =>
  sourceOf(
    `project:${projectId}`,
    tracked((handlers) => client.projects.watch.subscribe({ projectId }, handlers)),
    (state, event) => {
      // A change of roles changes what one may do: the tabs and buttons follow.
      if (event.type === 'member.roleChanged')
        void queryClient.invalidateQueries({ queryKey: trpc.auth.permissions.pathKey() });
      return event.type === 'checkpoint' && state ? state : applyToProject(state, event);
    },
  );

/** The project with its counts, live. Within the project's frame its state is always there. */
export const useLiveProject = (projectId: string): Live<ProjectState> => useLive(projectSource(projectId));

/**
 * Told every event of the project as it comes, `snapshot` and `resync` included: at the latter, load anew what
 * was built from events.
 */
export function useProjectEvents(projectId: string, onEvent: (event: ProjectEvent) => void): void {
  const tell = useEffectEvent(onEvent);
  useEffect(() => projectSource(projectId).follow((event) => tell(event)), [projectId]);
}
