import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queryClient, trpc } from '../../api.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { formatBytes } from '../../kit/numbers.tsx';

/** How much the media of the project's owner take, and how much they may. */
export function Quota({ projectId }: { projectId: string }) {
  const { data } = useQuery(trpc.media.usage.queryOptions({ projectId }));
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('media.') || type === 'resync')
      void queryClient.invalidateQueries({ queryKey: trpc.media.usage.pathKey() });
  });
  if (!data) return null;
  return (
    <Text size="sm" c="dimmed">
      {formatBytes(data.used)} of {formatBytes(data.quota)} are used by all projects of this one’s owner. A
      file may have up to {formatBytes(data.largest)}.
    </Text>
  );
}
