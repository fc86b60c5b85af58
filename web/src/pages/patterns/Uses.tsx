import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Outputs } from 'tessera-client';
import { PagedList } from '../../kit/PagedList.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { type Noun, type Pattern, idOf, nounOf, pathOf, trpcOf } from './nouns.ts';

type Use = Outputs['fields']['whereUsed']['items'][number];

const words: Record<Use['relation'], (use: Use) => string> = {
  part: ({ kind }) => `part of the ${kind}`,
  copy: () => 'copied in another project',
  parent: () => 'stands below it',
  category: ({ kind }) => `${kind} in it`,
  meaning: () => 'field that means something of it',
  values: () => 'field that takes its values from it',
};

/** Where a pattern is used. */
export function Uses({ noun, pattern }: { noun: Noun; pattern: Pattern }) {
  const { projectId, id, name } = pattern;
  const pages = usePages(
    trpcOf(noun).whereUsed.infiniteQueryOptions({ projectId, ...idOf(noun, id) }, byCursor),
  );
  return (
    <Stack gap="sm" component="section" aria-label={`Where ${name} is used`}>
      <Title order={2} size="h4">
        Where it is used
      </Title>
      <PagedList pages={pages} what="its uses" empty={<Text c="dimmed">It is used nowhere yet.</Text>}>
        {(uses) => (
          <Stack component="ul" className="parts" gap={4} aria-label={`Uses of ${name}`}>
            {uses.map((use) => (
              <Group key={`${use.relation} ${use.id}`} component="li" gap="xs">
                <Anchor component={Link} to={pathOf(use.projectId, nounOf(use.kind), use.id)} fw={600}>
                  {use.name}
                </Anchor>
                <Badge variant="default" tt="none">
                  {words[use.relation](use)}
                </Badge>
              </Group>
            ))}
          </Stack>
        )}
      </PagedList>
    </Stack>
  );
}
