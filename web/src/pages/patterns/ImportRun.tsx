import { Group, Paper, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Count, formatShare } from '../../kit/numbers.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { useLiveJobs } from '../../kit/live/useLiveJobs.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useRight } from '../../kit/useRight.ts';

type Run = Outputs['patternImports']['get']['runs'][number];
type Report = NonNullable<Run['report']>;

const kinds = [
  ['field', 'Fields'],
  ['collection', 'Collections'],
  ['model', 'Models'],
] as const;
const columns = ['read', 'created', 'merged', 'unchanged', 'rejected'] as const;
const headings = {
  read: 'Rows',
  created: 'New',
  merged: 'Merged',
  unchanged: 'Unchanged',
  rejected: 'Rejected',
};

/** How far a run is that has no report yet, or why it has ended without. */
function Standing({ projectId, runId }: { projectId: string; runId: string }) {
  const { state, error } = useLiveJobs(projectId, runId);
  const job = state?.get(runId);
  const mayRead = useRight('jobs.get', projectId);
  const isOver = job?.status === 'failed' || job?.status === 'cancelled';
  const { data } = useQuery({
    ...trpc.jobs.get.queryOptions({ projectId, jobId: runId }),
    enabled: mayRead && isOver,
  });
  if (error) return <FailureNotice error={error} />;
  if (job?.status === 'cancelled') return <Text>It was cancelled. Nothing was changed.</Text>;
  if (job?.status === 'failed')
    return (
      <Text role="alert">
        It failed, and nothing was changed. {data?.error?.message} {data?.error?.remedy}
      </Text>
    );
  const share = (job?.progress ?? 0) / 100;
  return (
    <>
      <Text role="status">
        {job?.status === 'running' ? `It is running: ${formatShare(share)}.` : 'It waits for its turn.'}{' '}
        {job?.message}
      </Text>
      <Progress value={share * 100} aria-label="Progress of the import" />
    </>
  );
}

const Counts = ({ report }: { report: Report }) => (
  <div className="table-scroll">
    <Table aria-label="What became of the rows">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Kind</Table.Th>
          {columns.map((column) => (
            <Table.Th key={column}>{headings[column]}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {kinds.map(([kind, label]) => (
          <Table.Tr key={kind}>
            <Table.Th scope="row">{label}</Table.Th>
            {columns.map((column) => (
              <Table.Td key={column}>
                <Count value={report[kind][column]} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
);

function Rejections({ projectId, runId }: { projectId: string; runId: string }) {
  const pages = usePages(trpc.patternImports.rejections.infiniteQueryOptions({ projectId, runId }, byCursor));
  return (
    <PagedList pages={pages} what="the rejected rows" empty="No row was rejected.">
      {(items) => (
        <div className="table-scroll">
          <Table aria-label="Rejected rows">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>File</Table.Th>
                <Table.Th>Line</Table.Th>
                <Table.Th>Why</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ kind, line, reason }) => (
                <Table.Tr key={`${kind} ${line}`}>
                  <Table.Td>{kinds.find(([name]) => name === kind)?.[1]}</Table.Td>
                  <Table.Td>
                    <Count value={line} />
                  </Table.Td>
                  <Table.Td>{reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </PagedList>
  );
}

/** One run of an import: how far it is, then what became of the rows, and which were rejected. */
export function ImportRun({ projectId, run, mayRead }: { projectId: string; run: Run; mayRead: boolean }) {
  const { report, isDryRun, createdAt } = run;
  const rejected = report ? kinds.reduce((sum, [kind]) => sum + report[kind].rejected, 0) : 0;
  return (
    <Paper component="section" withBorder p="md" aria-label={isDryRun ? 'Trial' : 'Import'}>
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={2} size="h4">
            {isDryRun ? 'Trial' : 'Import'}
          </Title>
          <Text span c="dimmed">
            <Time at={createdAt} />
          </Text>
        </Group>
        {!report && <Standing projectId={projectId} runId={run.id} />}
        {report && (
          <>
            <Text>
              {isDryRun ? 'This would happen; nothing was changed.' : 'It is done.'}{' '}
              {report.categoriesCreated > 0 && (
                <>
                  Categories made: <Count value={report.categoriesCreated} />.
                </>
              )}
            </Text>
            <Counts report={report} />
            {rejected > 0 && mayRead && <Rejections projectId={projectId} runId={run.id} />}
          </>
        )}
      </Stack>
    </Paper>
  );
}
