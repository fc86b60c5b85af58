import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { later } from '../../kit/later.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { Board } from './Board.tsx';
import { TaskList } from './TaskList.tsx';
import { milestonesPath, tasksPath } from './statuses.tsx';
import { useMilestones } from './useMilestones.ts';
import { useTaskFilter } from './useTaskFilter.ts';
import { useTaskNews } from './useTaskNews.ts';

/** What people choose from is large. */
const Filters = later(() => import('./Filters.tsx'), 'Filters');

/** The project's tasks, as a board by status or a list by milestone, live. */
export default function Tasks() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const [filter] = useTaskFilter();
  const milestones = useMilestones(projectId).items ?? [];
  useTaskNews(projectId);
  const shown = { projectId, filter, milestones };
  const search =
    filter.milestone === undefined || filter.milestone === 'none' ? {} : { milestone: filter.milestone };
  return (
    <ProjectPage
      title="Tasks"
      actions={
        <>
          {may('milestones.list') && (
            <Button component={Link} to={milestonesPath(projectId)} variant="default">
              Milestones
            </Button>
          )}
          {may('tasks.create') && (
            <Button component={Link} to={`${tasksPath(projectId)}/new`} search={search as never}>
              New task
            </Button>
          )}
        </>
      }
    >
      {() => (
        <>
          <div style={{ minHeight: 58 }}>
            <Suspense>
              <Filters projectId={projectId} milestones={milestones} />
            </Suspense>
          </div>
          {filter.view === 'board' ? <Board {...shown} /> : <TaskList {...shown} />}
        </>
      )}
    </ProjectPage>
  );
}
