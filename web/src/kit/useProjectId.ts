import { useParams } from '@tanstack/react-router';

/** The project of a page whose path has `$projectId`. */
export function useProjectId(): string {
  const { projectId }: { projectId?: string } = useParams({ strict: false });
  if (!projectId) throw new TypeError('This page stands at no path with $projectId.');
  return projectId;
}
