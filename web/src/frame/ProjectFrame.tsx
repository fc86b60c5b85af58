import { Group, Stack } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { readFailure } from 'tessera-client';
import { FailureNotice } from '../kit/FailureNotice.tsx';
import { Loading } from '../kit/Loading.tsx';
import { Page } from '../kit/Page.tsx';
import { useLiveProject } from '../kit/live/useLiveProject.ts';
import { useProjectId } from '../kit/useProjectId.ts';
import { useRights } from '../kit/useRight.ts';
import { routes } from '../routes.tsx';
import { GuardedOutlet } from './GuardedOutlet.tsx';

/** It comes a moment after the frame: what opens menus is large. */
const StarAndWatch = lazy(() => import('./StarAndWatch.tsx'));

/** Around a project's pages: its name, and a tab for each page that the reader may use. Keeps the project live. */
export function ProjectFrame() {
  const projectId = useProjectId();
  const { state: project, error } = useLiveProject(projectId);
  const { may } = useRights(projectId);
  const { pathname } = useLocation();
  const breadcrumbs = [{ label: 'Projects', to: '/projects' }];
  if (error !== undefined) {
    const isRefused = ['FORBIDDEN', 'NOT_FOUND'].includes(readFailure(error)?.code ?? '');
    return (
      <Page
        title={isRefused ? 'You can no longer see this project' : 'This project cannot be shown'}
        breadcrumbs={breadcrumbs}
      >
        <FailureNotice error={error} />
      </Page>
    );
  }
  if (!project) return <Loading what="the project" />;
  return (
    <Stack gap="md">
      <Group align="start" justify="end" gap="sm">
        <nav aria-label={`Pages of ${project.name}`} className="tabs" style={{ flex: '1 1 20rem' }}>
          {routes.map(({ path, frame, tab }) => {
            if (frame !== 'project' || !tab || !may(tab.needs)) return null;
            const to = path.replace('$projectId', projectId);
            return (
              <Link
                key={path}
                to={to}
                aria-current={pathname === to || pathname.startsWith(`${to}/`) ? 'page' : undefined}
              >
                {tab.label}
              </Link>
            );
          })}
        </nav>
        <Group gap="xs" mih={30}>
          <Suspense fallback={null}>
            <StarAndWatch projectId={projectId} />
          </Suspense>
        </Group>
      </Group>
      <GuardedOutlet frame="project" projectId={projectId} />
    </Stack>
  );
}
