import { Alert, Group, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { queryClient, trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { Facts } from './Facts.tsx';
import { MediaActions } from './MediaActions.tsx';
import { Relatives } from './Relatives.tsx';
import { Rename } from './Rename.tsx';
import { UploadBox } from './UploadBox.tsx';

/** One media file: what is in it, what it was made from and what was made of it. */
export default function MediaPage() {
  const projectId = useProjectId();
  const { mediaId = '' }: { mediaId?: string } = useParams({ strict: false });
  const navigate = useNavigate();
  const { may } = useRights(projectId);
  const options = trpc.media.get.queryOptions({ projectId, mediaId });
  const { data: file, error: latest, refetch } = useQuery(options);
  const error = failureOf({ data: file, error: latest });
  // What is made of it are files too: any of them may concern this one.
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('media.') || type === 'resync')
      void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  const above = `/projects/${projectId}/media`;
  return (
    <ProjectPage
      title={file?.name ?? 'Media file'}
      breadcrumbs={[{ label: 'Media', to: above }]}
      actions={
        file && !error && <MediaActions file={file} may={may} onDeleted={() => navigate({ to: above })} />
      }
    >
      {() => {
        if (error) return <FailureNotice error={error} onRetry={refetch} />;
        if (!file) return <Loading what="the file" />;
        return (
          <Stack gap="lg">
            {file.error && (
              <Alert color="red" variant="light" title={file.error.message}>
                {file.error.remedy}
              </Alert>
            )}
            <Facts file={file} />
            <Relatives file={file} />
            {may('media.createUpload') && file.status === 'ready' && (
              <section aria-labelledby="derive">
                <Title order={2} size="h3" id="derive" mb="xs">
                  Add what was made from it
                </Title>
                <UploadBox projectId={projectId} derivedFrom={file.id} label="Upload made files" />
              </section>
            )}
            {may('media.update') && (
              <Group>
                <Rename key={file.name} file={file} />
              </Group>
            )}
          </Stack>
        );
      }}
    </ProjectPage>
  );
}
