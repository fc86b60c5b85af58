import { Group, Paper, Stack, Text } from '@mantine/core';
import { client, queryClient, trpc } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';

async function restore(projectId: string): Promise<void> {
  await client.projects.restore.mutate({ projectId });
  await queryClient.invalidateQueries({ queryKey: trpc.projects.list.pathKey() });
}

/** Deleted projects that one may restore. */
export function Deleted() {
  const pages = usePages(trpc.projects.list.infiniteQueryOptions({ deleted: true }, byCursor));
  return (
    <PagedList pages={pages} what="deleted projects" empty="There is no deleted project of yours.">
      {(projects) => (
        <Stack
          gap="sm"
          component="ul"
          p={0}
          m={0}
          style={{ listStyle: 'none' }}
          aria-label="Deleted projects"
        >
          {projects.map(({ id, name, updatedAt }) => (
            <Paper key={id} component="li" withBorder p="md">
              <Group justify="space-between">
                <div>
                  <Text fw={600}>{name}</Text>
                  <Text size="sm" c="dimmed">
                    Deleted <Time at={updatedAt} />
                  </Text>
                </div>
                <ActionButton label={`Restore ${name}`} done={`${name} is back.`} onAct={() => restore(id)}>
                  Restore
                </ActionButton>
              </Group>
            </Paper>
          ))}
        </Stack>
      )}
    </PagedList>
  );
}
