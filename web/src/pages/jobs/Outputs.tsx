import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Outputs as Answers } from 'tessera-client';

/** What a completed job made, or made ready. */
export function Outputs({
  outputs,
  projectId,
}: {
  outputs: Answers['jobs']['get']['outputs'];
  projectId: string;
}) {
  if (outputs.length === 0) return null;
  return (
    <section aria-labelledby="outputs">
      <Title order={2} size="h3" id="outputs" mb="xs">
        Outputs
      </Title>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {outputs.map(({ mediaId, name, contentType, url }) => (
          <Paper key={mediaId} component="li" withBorder p="sm">
            <Group justify="space-between">
              <Anchor component={Link} to={`/projects/${projectId}/media/${mediaId}`}>
                {name}
              </Anchor>
              <Text size="sm" c="dimmed">
                {contentType}
              </Text>
              <Anchor href={url} download={name} aria-label={`Download ${name}`} underline="always">
                Download
              </Anchor>
            </Group>
          </Paper>
        ))}
      </Stack>
    </section>
  );
}
