import { Group, Text } from '@mantine/core';
import { PersonAvatar } from '../../kit/Person.tsx';
import { usePresence } from '../../kit/live/usePresence.ts';
import { useAccount } from '../../kit/useAccount.ts';

/** Shows oneself at a file, and the others who are there. */
export function PeopleHere({ projectId, path }: { projectId: string; path: string }) {
  const ownId = useAccount().data?.id;
  // What is longer than this the server takes for no place.
  const people = usePresence(projectId, path.length > 1_000 ? null : `file:${path}`);
  const here = people.filter(
    ({ actor, places }) => actor.id !== ownId && places.some(({ filePath }) => filePath === path),
  );
  return (
    <Group gap="xs" role="status" aria-label="Who is here">
      {here.map(({ actor, state }) => (
        <Group key={actor.id} gap={4} wrap="nowrap">
          <PersonAvatar name={actor.name} />
          <Text size="sm">
            {actor.name} is {state === 'idle' ? 'away for a moment' : 'here'}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
