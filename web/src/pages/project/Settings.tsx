import { Stack } from '@mantine/core';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { DeleteProject } from './DeleteProject.tsx';
import { EditProject } from './EditProject.tsx';
import { OfferProject } from './OfferProject.tsx';

/** What a project is called, who may see it, whose it is, and its end. */
export default function Settings() {
  const { may } = useRights(useProjectId());
  return (
    <ProjectPage title="Settings">
      {(project) => (
        <Stack gap="lg">
          {may('projects.update') && <EditProject key={project.version} project={project} />}
          {may('projects.transfer') && <OfferProject project={project} />}
          {may('projects.delete') && <DeleteProject project={project} />}
        </Stack>
      )}
    </ProjectPage>
  );
}
