import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Outputs } from 'tessera-client';
import { MediaStatus, kinds } from './MediaStatus.tsx';

type Details = Outputs['media']['get'];

function Refs({ title, files, projectId }: { title: string; files: Details['origins']; projectId: string }) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  if (files.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h3" id={id} mb="xs">
        {title}
      </Title>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {files.map((file) => (
          <Group key={file.id} component="li" gap="sm">
            <Anchor component={Link} to={`/projects/${projectId}/media/${file.id}`}>
              {file.name}
            </Anchor>
            <Text size="sm">{kinds[file.mediaType]}</Text>
            <MediaStatus status={file.status} />
          </Group>
        ))}
      </Stack>
    </section>
  );
}

/** What a file was made from, and what was made of it. */
export const Relatives = ({ file: { origins, derivatives, projectId } }: { file: Details }) => (
  <>
    <Refs title="Made from" files={origins} projectId={projectId} />
    <Refs title="Made of it" files={derivatives} projectId={projectId} />
  </>
);
