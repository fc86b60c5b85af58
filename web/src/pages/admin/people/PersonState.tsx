import { Badge } from '@mantine/core';
import type { Outputs } from 'tessera-client';

export type Account = Outputs['actors']['list']['items'][number];

/** How an account stands, in a word. */
export function PersonState({
  person,
}: {
  person: Pick<Account, 'actorType' | 'suspendedAt' | 'isVerified'>;
}) {
  const { actorType, suspendedAt, isVerified } = person;
  if (suspendedAt)
    return (
      <Badge variant="light" color="red" tt="none">
        Suspended
      </Badge>
    );
  if (actorType === 'organization')
    return (
      <Badge variant="light" color="blue" tt="none">
        Organization
      </Badge>
    );
  return isVerified ? (
    <Badge variant="light" color="green" tt="none">
      Active
    </Badge>
  ) : (
    <Badge variant="light" color="yellow" tt="none">
      Address not confirmed
    </Badge>
  );
}
