import { trpc } from '../../api.ts';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { type Pages, byCursor } from '../../kit/usePages.ts';
import type { Milestone } from './statuses.tsx';

/** The project's milestones, newest first, live. */
export const useMilestones = (projectId: string): Pages<Milestone> =>
  useLiveList(
    'milestones',
    projectId,
    trpc.milestones.list.infiniteQueryOptions({ projectId, limit: 200 }, byCursor),
    'first',
  );
