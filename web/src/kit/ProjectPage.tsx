import type { ReactNode } from 'react';
import type { ProjectState } from 'tessera-client';
import { Page, type PageProps } from './Page.tsx';
import { useLiveProject } from './live/useLiveProject.ts';
import { useProjectId } from './useProjectId.ts';

export interface ProjectPageProps extends Omit<PageProps, 'children' | 'title'> {
  /** What the page is about, such as “Members”; the project's name comes to it. */
  title: string;
  children: (project: ProjectState) => ReactNode;
}

/** The outermost element of a page below a project's tabs; hands on the project, live. */
export function ProjectPage({ title, breadcrumbs, children, ...page }: ProjectPageProps) {
  const projectId = useProjectId();
  const { state: project } = useLiveProject(projectId);
  if (!project) return null;
  const above = [
    { label: 'Projects', to: '/projects' },
    { label: project.name, to: `/projects/${projectId}` },
    ...(breadcrumbs ?? []),
  ];
  return (
    <Page {...page} title={`${title} of ${project.name}`} breadcrumbs={above}>
      {children(project)}
    </Page>
  );
}
