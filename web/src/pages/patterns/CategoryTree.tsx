import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PagedList } from '../../kit/PagedList.tsx';
import { Tree } from './Tree.tsx';
import { nounOf, pathOf } from './nouns.ts';
import { useCategories } from './useTrees.ts';

/** The project's categories as they stand below one another, live. */
export function CategoryTree({ projectId }: { projectId: string }) {
  const { pages } = useCategories(projectId);
  return (
    <PagedList pages={pages} what="the categories" empty="There are no categories here yet.">
      {(items) => (
        <Tree items={items} label="Categories">
          {({ id, name, description }) => (
            <Group gap="sm">
              <Anchor component={Link} to={pathOf(projectId, nounOf('category'), id)} fw={600}>
                {name}
              </Anchor>
              <Text c="dimmed" lineClamp={1}>
                {description}
              </Text>
            </Group>
          )}
        </Tree>
      )}
    </PagedList>
  );
}
