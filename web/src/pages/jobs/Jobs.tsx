import { Anchor, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { trpc } from '../../api.ts';
import { FilterSelect } from '../../kit/FilterSelect.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useLiveJobs } from '../../kit/live/useLiveJobs.ts';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { Credits } from '../../kit/numbers.tsx';
import { useNames } from '../../kit/useNames.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { byCursor } from '../../kit/usePages.ts';
import { type Job, JobStatus, type Status, statuses } from './JobStatus.tsx';
import { ProgressBar } from '../../kit/ProgressBar.tsx';
import { knownTypes, titleOf } from './titleOf.ts';
import { withProgress } from './withProgress.ts';

function Rows({ jobs, projectId }: { jobs: readonly Job[]; projectId: string }) {
  const { state: progress } = useLiveJobs(projectId);
  const nameOf = useNames(jobs.map(({ userId }) => userId));
  return (
    <div className="table-scroll">
      <Table aria-label="Jobs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Job</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Progress</Table.Th>
            <Table.Th>Asked for by</Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th>Cost</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((known) => {
            const job = withProgress(known, progress?.get(known.id));
            return (
              <Table.Tr key={job.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/projects/${projectId}/jobs/${job.id}`}>
                    {titleOf(job.jobType)}
                  </Anchor>
                  {job.error && (
                    <Text size="sm" lineClamp={2}>
                      {job.error.message}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <JobStatus status={job.status} />
                </Table.Td>
                <Table.Td>
                  <ProgressBar
                    label={`Progress of ${titleOf(job.jobType)}`}
                    value={job.progress}
                    isMoving={job.status === 'running'}
                  />
                </Table.Td>
                <Table.Td>{job.userId === null ? 'the system' : nameOf(job.userId)}</Table.Td>
                <Table.Td>
                  <Time at={job.createdAt} />
                </Table.Td>
                <Table.Td>{job.costCredits > 0 ? <Credits value={job.costCredits} /> : 'free'}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const choices: { value: Status; label: string }[] = (
  ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
).map((value) => ({ value, label: statuses[value].word }));

/** Work that goes on in the project, or went on: newest first, live. */
export default function Jobs() {
  const projectId = useProjectId();
  const [status, setStatus] = useState<Status | null>(null);
  const [jobType, setJobType] = useState<string | null>(null);
  const filter = { ...(status ? { status } : {}), ...(jobType ? { jobType } : {}) };
  const pages = useLiveList(
    'jobs',
    projectId,
    trpc.jobs.list.infiniteQueryOptions({ projectId, ...filter }, byCursor),
    'first',
  );
  // What moves on is kept in the list until it is read anew: the filter is asked once more.
  const items = pages.items?.filter(
    (job) => (status === null || job.status === status) && (jobType === null || job.jobType === jobType),
  );
  const isFiltered = status !== null || jobType !== null;
  return (
    <ProjectPage title="Jobs" lead="Work that runs in the background.">
      {() => (
        <>
          <Group align="end">
            <FilterSelect label="State" all="Any state" data={choices} value={status} onChange={setStatus} />
            <FilterSelect
              label="Kind"
              all="Any kind"
              data={[...new Set([...knownTypes, ...(pages.items ?? []).map((job) => job.jobType)])].map(
                (value) => ({ value, label: titleOf(value) }),
              )}
              value={jobType}
              onChange={setJobType}
            />
          </Group>
          <PagedList
            pages={{ ...pages, items }}
            what="the jobs"
            empty={isFiltered ? 'There is no such job.' : 'Nothing has been asked for yet.'}
          >
            {(jobs) => <Rows jobs={jobs} projectId={projectId} />}
          </PagedList>
        </>
      )}
    </ProjectPage>
  );
}
