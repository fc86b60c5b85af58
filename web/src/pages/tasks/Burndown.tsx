import { Table, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { Outputs } from 'tessera-client';
import { formatDay } from '../../kit/Time.tsx';
import { fromDay, toDay } from '../../kit/days.ts';
import { formatCount } from '../../kit/numbers.tsx';

export interface BurndownProps {
  days: Outputs['tasks']['burndown'];
  startAt: Date;
  endAt: Date;
}

const height = 260;
const edge = { top: 16, right: 76, bottom: 34, left: 40 };
const dayMs = 86_400_000;
const timeOf = (day: string) => fromDay(day)?.getTime() ?? 0;
const write = (day: string) => formatDay(fromDay(day)) ?? day;

/** At most five marks of whole tasks. */
function marksUpTo(most: number): number[] {
  const step = Math.max(1, Math.ceil(most / 4));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

/** Tasks that remain, day by day, against a steady pace to the last day; the same as a table. */
export default function Burndown({ days, startAt, endAt }: BurndownProps) {
  const { ref, width } = useElementSize();
  const last = days.at(-1);
  if (!last) return <Text size="sm">The milestone has not begun yet.</Text>;

  const first = timeOf(toDay(startAt));
  const end = Math.max(timeOf(toDay(endAt)), first + dayMs);
  const until = Math.max(end, timeOf(last.day));
  const most = Math.max(1, ...days.map(({ total }) => total));
  const whole = Math.max(width, 280);
  const x = (time: number) =>
    edge.left + ((time - first) / (until - first)) * (whole - edge.left - edge.right);
  const y = (count: number) => edge.top + (1 - count / most) * (height - edge.top - edge.bottom);
  const line = days.map(({ day, remaining }) => `${x(timeOf(day))},${y(remaining)}`).join(' ');
  const steady = Math.min(1, Math.max(0, (end - timeOf(last.day)) / (end - first))) * last.total;
  const pace = last.remaining > steady ? 'behind' : 'ahead of';
  const summary = `${formatCount(last.remaining)} of ${formatCount(last.total)} tasks remain on ${write(last.day)}, ${last.remaining === steady ? 'at' : pace} a steady pace to ${write(toDay(endAt))}.`;
  return (
    <figure className="burndown">
      <figcaption>{summary}</figcaption>
      <div ref={ref}>
        <svg width={whole} height={height} role="img" aria-label={`Burndown chart. ${summary}`}>
          {marksUpTo(most).map((count) => (
            <g key={count}>
              <line className="grid" x1={edge.left} x2={whole - edge.right} y1={y(count)} y2={y(count)} />
              <text x={edge.left - 8} y={y(count) + 4} textAnchor="end">
                {formatCount(count)}
              </text>
            </g>
          ))}
          <text x={edge.left} y={height - 10}>
            {write(toDay(startAt))}
          </text>
          <text x={x(until)} y={height - 10} textAnchor="end">
            {write(toDay(new Date(until)))}
          </text>
          <line className="ideal" x1={x(first)} y1={y(last.total)} x2={x(end)} y2={y(0)} />
          <text x={x(end) + 6} y={y(0) - 4}>
            Steady pace
          </text>
          <polyline className="remaining" points={line} />
          <circle cx={x(timeOf(last.day))} cy={y(last.remaining)} r={5} />
          <text x={x(timeOf(last.day)) + 9} y={y(last.remaining) - 6} fontWeight={600}>
            {formatCount(last.remaining)} left
          </text>
        </svg>
      </div>
      <details>
        <summary>The chart as a table</summary>
        {/* What scrolls can be reached by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="burndown-table" tabIndex={0} role="region" aria-label="The chart as a table">
          <Table aria-label="Burndown by day">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Day</Table.Th>
                <Table.Th>Tasks</Table.Th>
                <Table.Th>Done</Table.Th>
                <Table.Th>Remaining</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {days.map(({ day, total, done, remaining }) => (
                <Table.Tr key={day}>
                  <Table.Td>{write(day)}</Table.Td>
                  <Table.Td>{formatCount(total)}</Table.Td>
                  <Table.Td>{formatCount(done)}</Table.Td>
                  <Table.Td>{formatCount(remaining)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </figure>
  );
}
