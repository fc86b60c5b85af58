import { Group, Paper, Stack, Text } from '@mantine/core';
import type { Outputs } from 'tessera-client';
import { queryClient, trpc } from '../../api.ts';
import { PagedList } from '../../kit/PagedList.tsx';
import { PersonAvatar } from '../../kit/Person.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { describeEvent } from './describeEvent.ts';

type Item = Outputs['projects']['activity']['items'][number];

const Line = ({ item }: { item: Item }) => {
  const { who, did, about } = describeEvent(item);
  return (
    <Paper component="li" withBorder p="sm">
      <Group gap="sm" wrap="nowrap" align="start">
        <PersonAvatar name={item.actor?.name ?? 'The system'} />
        <div>
          <Text>
            <strong>{who}</strong> {did}
            {about && <>: {about}</>}
          </Text>
          <Text size="sm" c="dimmed">
            <Time at={item.createdAt} />
          </Text>
        </div>
      </Group>
    </Paper>
  );
};

/** What happened in the project, newest first; what happens now appears at the top. */
export default function Activity() {
  const projectId = useProjectId();
  const options = trpc.projects.activity.infiniteQueryOptions({ projectId }, byCursor);
  const pages = usePages(options);
  // The feed says who did it, which an event does not: its newest page is read again.
  useProjectEvents(projectId, ({ type }) => {
    if (type !== 'snapshot' && type !== 'checkpoint')
      void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  return (
    <ProjectPage title="Activity">
      {(project) => (
        <>
          {project.description && <Text>{project.description}</Text>}
          <PagedList pages={pages} what="the activity" empty="Nothing has happened yet.">
            {(items) => (
              <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Activity">
                {items.map((item) => (
                  <Line key={item.seq} item={item} />
                ))}
              </Stack>
            )}
          </PagedList>
        </>
      )}
    </ProjectPage>
  );
}
