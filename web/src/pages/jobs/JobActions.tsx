import { Select } from '@mantine/core';
import { client } from '../../api.ts';
import { ActionButton, tellFailure } from '../../kit/ActionButton.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { toast } from '../../kit/toast.ts';
import { type Job, isOver } from './JobStatus.tsx';

export interface JobActionsProps {
  job: Job;
  projectId: string;
  may: (permission: string) => boolean;
}

const named: Record<number, string> = { 10: '10, first', 0: '0, as usual', [-10]: '-10, last' };
const priorities = [10, 5, 0, -5, -10];

/** Lets a waiting job go before or after others. */
function Priority({ job, projectId }: Pick<JobActionsProps, 'job' | 'projectId'>) {
  const change = (value: string | null) => {
    if (value === null) return;
    client.jobs.prioritize
      .mutate({ projectId, jobId: job.id, priority: Number(value) })
      .then(() => toast('The job’s place among those that wait has changed.'), tellFailure);
  };
  return (
    <Select
      aria-label="Priority"
      w={140}
      allowDeselect={false}
      data={[...new Set([...priorities, job.priority])]
        .toSorted((a, b) => b - a)
        .map((value) => ({ value: String(value), label: named[value] ?? String(value) }))}
      value={String(job.priority)}
      onChange={change}
    />
  );
}

/** What can be done with a job as it stands. */
export function JobActions({ job, projectId, may }: JobActionsProps) {
  const which = { projectId, jobId: job.id };
  const isWaiting = job.status === 'pending' || job.status === 'queued';
  return (
    <>
      {isWaiting && may('jobs.prioritize') && <Priority job={job} projectId={projectId} />}
      {!isOver(job.status) && may('jobs.cancel') && (
        <ConfirmButton
          label="Cancel the job"
          consequence="It stops within a moment and leaves nothing half done. It can be retried."
          onConfirm={() => client.jobs.cancel.mutate(which)}
        />
      )}
      {(job.status === 'failed' || job.status === 'cancelled') && may('jobs.retry') && (
        <ActionButton
          size="sm"
          label="Retry the job"
          done="The job waits for its turn again."
          onAct={() => client.jobs.retry.mutate(which)}
        />
      )}
    </>
  );
}
