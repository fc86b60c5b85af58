import { Code, Table } from '@mantine/core';
import { Time } from '../../../kit/Time.tsx';
import type { Health } from './findWarnings.ts';

function describe({ isRunning, error, lastRunAt }: Health['recurring'][number]): string {
  if (isRunning) return '… runs now';
  if (error !== null) return `⚠ failed: ${error}`;
  return lastRunAt ? '✓ done' : 'not yet';
}

/** What workers do at their times, and how it went last. */
export const Recurring = ({ recurring }: { recurring: Health['recurring'] }) => (
  <div className="table-scroll">
    <Table aria-label="Work that comes again">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Work</Table.Th>
          <Table.Th>When (cron, UTC)</Table.Th>
          <Table.Th>Last time</Table.Th>
          <Table.Th>How it went</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {recurring.map((work) => (
          <Table.Tr key={work.name}>
            <Table.Td>{work.name}</Table.Td>
            <Table.Td>
              <Code>{work.schedule}</Code>
            </Table.Td>
            <Table.Td>{work.lastRunAt ? <Time at={work.lastRunAt} /> : '–'}</Table.Td>
            <Table.Td>{describe(work)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
);
