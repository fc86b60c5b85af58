import { Select, Stack, Table, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Outputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Credits } from '../../kit/numbers.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { type Job, JobStatus, type Status, statuses } from './JobStatus.tsx';
import { ProgressBar } from '../../kit/ProgressBar.tsx';
import { formatPlace } from './formatPlace.ts';

type Segment = Outputs['jobs']['segments']['items'][number];

/** Milliseconds in which a job's moves are gathered before its parts are read again. */
const gatherMs = 700;

interface SegmentsProps {
  job: Job;
  projectId: string;
  mayRetry: boolean;
}

function Row({ segment, job, projectId, mayRetry }: SegmentsProps & { segment: Segment }) {
  const { stage, index, label, status, attempts, costCredits, error } = segment;
  const name = label ?? `Part ${index + 1}`;
  const canRetry =
    mayRetry && ['failed', 'cancelled'].includes(status) && ['failed', 'cancelled'].includes(job.status);
  return (
    <Table.Tr>
      <Table.Td>
        {name}
        <Text size="sm" c="dimmed">
          {stage}
          {formatPlace(segment)}
        </Text>
        {error && (
          <Text size="sm">
            {error.message} {error.remedy}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <JobStatus status={status} />
      </Table.Td>
      <Table.Td>
        <ProgressBar
          label={`Progress of ${name}`}
          value={status === 'completed' ? 100 : 0}
          isMoving={status === 'running'}
        />
      </Table.Td>
      <Table.Td>{attempts}</Table.Td>
      <Table.Td>{costCredits > 0 ? <Credits value={costCredits} /> : 'free'}</Table.Td>
      <Table.Td>
        {canRetry && (
          <ActionButton
            label={`Retry ${name}`}
            done="That part waits for its turn again."
            onAct={() => client.jobs.retrySegment.mutate({ projectId, jobId: job.id, stage, index })}
          >
            Retry
          </ActionButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const choices: { value: Status; label: string }[] = (
  ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
).map((value) => ({ value, label: statuses[value].word }));

/** The parts of a job's stages, each with how it stands; read again as the job moves. */
export function Segments(props: SegmentsProps) {
  const { job, projectId } = props;
  const [status, setStatus] = useState<Status | null>(null);
  const filter = { projectId, jobId: job.id, limit: 100, ...(status ? { status } : {}) };
  const pages = usePages(trpc.jobs.segments.infiniteQueryOptions(filter, byCursor));
  const movedAt = job.updatedAt.getTime();
  const knownAt = useRef(0);
  const reading = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A job may never stand still for so long: the first of its moves sets the time, not the last.
  useEffect(() => {
    if (movedAt === knownAt.current) return;
    knownAt.current = movedAt;
    reading.current ??= setTimeout(() => {
      reading.current = undefined;
      void queryClient.invalidateQueries({ queryKey: trpc.jobs.segments.pathKey() });
    }, gatherMs);
  }, [movedAt]);
  useEffect(
    () => () => {
      clearTimeout(reading.current);
      reading.current = undefined;
      knownAt.current = 0;
    },
    [],
  );
  return (
    <Stack gap="sm">
      <Select
        label="State of the parts"
        placeholder="Any"
        maw={220}
        clearable
        clearButtonProps={{ 'aria-label': 'Parts of any state' }}
        data={choices}
        value={status}
        onChange={setStatus}
      />
      <PagedList pages={pages} what="the parts" empty="There is no such part.">
        {(segments) => (
          <div className="table-scroll">
            <Table aria-label="Parts">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Part</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Progress</Table.Th>
                  <Table.Th>Attempts</Table.Th>
                  <Table.Th>Cost</Table.Th>
                  <Table.Th>Action</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {segments.map((segment) => (
                  <Row key={segment.id} segment={segment} {...props} />
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </PagedList>
    </Stack>
  );
}
