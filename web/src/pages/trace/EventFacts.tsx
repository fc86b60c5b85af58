import { Paper } from '@mantine/core';
import type { Outputs } from 'tessera-client';
import { Facts } from '../admin/Facts.tsx';
import { Time } from '../../kit/Time.tsx';
import { useNames } from '../../kit/useNames.ts';

/** Which event it is, by whom, and when it was committed. */
export function EventFacts({ event }: { event: Outputs['realtime']['trace']['event'] }) {
  const { type, subject, actorId, mutationId, createdAt } = event;
  const nameOf = useNames([actorId]);
  return (
    <Paper withBorder p="md" component="section" aria-label="The event">
      <Facts
        facts={[
          ['What', type],
          ['About', subject],
          ['By', actorId === null ? 'the system' : (nameOf(actorId) ?? 'somebody who is gone')],
          ['Committed', <Time key="at" at={createdAt} as="instant" />],
          ['Named by its sender', mutationId ?? 'not named'],
        ]}
      />
    </Paper>
  );
}
