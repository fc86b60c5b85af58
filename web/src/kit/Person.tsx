import { Avatar, Group, Text } from '@mantine/core';
import type { Outputs } from 'tessera-client';

/** A person or an organization, as views name them. */
export type ActorRef = Outputs['actors']['search']['items'][number];

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join('')
    .toUpperCase();

/** The initials of somebody whose name stands beside it, so it is not read out. */
export function PersonAvatar({ name, size = 'sm' }: { name: string; size?: 'sm' | 'md' }) {
  return (
    <Avatar size={size} radius="xl" aria-hidden color="gray" variant="light">
      {initials(name)}
    </Avatar>
  );
}

/** Somebody's name and username; null is an account that is gone, or the system. */
export function Person({ actor }: { actor: Pick<ActorRef, 'name' | 'username'> | null }) {
  if (!actor) return <Text span>the system</Text>;
  return (
    <Group gap="xs" wrap="nowrap" component="span">
      <PersonAvatar name={actor.name} />
      <Text span>
        {actor.name}{' '}
        <Text span c="dimmed" size="sm">
          @{actor.username}
        </Text>
      </Text>
    </Group>
  );
}
