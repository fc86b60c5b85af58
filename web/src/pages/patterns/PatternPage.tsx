import { Link, useLocation } from '@tanstack/react-router';
import type { ProjectState } from 'tessera-client';
import type { ReactNode } from 'react';
import { ProjectPage, type ProjectPageProps } from '../../kit/ProjectPage.tsx';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { nouns, pathOf } from './nouns.ts';
import { usePatternNews } from './usePatternNews.ts';

/** The outermost element of the pages of patterns: their own navigation, and what is live. */
export function PatternPage({
  children,
  breadcrumbs,
  ...page
}: ProjectPageProps & { children: (project: ProjectState) => ReactNode }) {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const { pathname } = useLocation();
  const base = `/projects/${projectId}/patterns`;
  usePatternNews(projectId);
  const links = [
    { to: base, label: 'Search', needs: 'fields.list' },
    ...nouns.map((noun) => ({ to: pathOf(projectId, noun), label: noun.label, needs: `${noun.list}.list` })),
    { to: `${base}/imports`, label: 'Imports', needs: 'patternImports.list' },
  ];
  const isHere = (to: string) => pathname === to || (to !== base && pathname.startsWith(`${to}/`));
  return (
    <>
      <nav aria-label="Patterns" className="tabs">
        {links.map(({ to, label, needs }) =>
          may(needs) ? (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: true }}
              aria-current={isHere(to) ? 'page' : undefined}
            >
              {label}
            </Link>
          ) : null,
        )}
      </nav>
      <ProjectPage {...page} breadcrumbs={[{ label: 'Patterns', to: base }, ...(breadcrumbs ?? [])]}>
        {children}
      </ProjectPage>
    </>
  );
}
