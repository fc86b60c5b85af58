import { Group, Text } from '@mantine/core';
import { Time } from '../../kit/Time.tsx';
import { Credits } from '../../kit/numbers.tsx';
import { useNames } from '../../kit/useNames.ts';
import { type Job, JobStatus } from './JobStatus.tsx';

/** How a job stands, who asked for it and when, what it cost. */
export function JobFacts({ job }: { job: Job }) {
  const { status, userId, createdAt, startedAt, finishedAt, attempts, priority, costCredits } = job;
  const name = useNames([userId])(userId);
  return (
    <Group gap="md">
      <JobStatus status={status} />
      <Text size="sm">
        Asked for by {userId === null ? 'the system' : (name ?? '…')} <Time at={createdAt} />
      </Text>
      {startedAt && (
        <Text size="sm">
          Begun <Time at={startedAt} />
        </Text>
      )}
      {finishedAt && (
        <Text size="sm">
          Ended <Time at={finishedAt} />
        </Text>
      )}
      {attempts > 1 && <Text size="sm">Attempt {attempts}</Text>}
      {priority !== 0 && <Text size="sm">Priority {priority}</Text>}
      {costCredits > 0 && (
        <Text size="sm">
          <Credits value={costCredits} />
        </Text>
      )}
    </Group>
  );
}
