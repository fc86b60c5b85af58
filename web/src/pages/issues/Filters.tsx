import { Button, Chip, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../api.ts';
import { MemberPicker } from '../../kit/MemberPicker.tsx';
import { formatCount } from '../../kit/numbers.tsx';
import { useIssueFilter } from './useIssueFilter.ts';
import { useLabels } from './useLabels.ts';

/** Labels that are offered as chips. */
const mostChips = 20;

/** Which issues are shown. */
export function Filters({ projectId }: { projectId: string }) {
  const [{ state, assignee, labels }, change] = useIssueFilter();
  const known = useLabels(projectId);
  const { data } = useQuery({
    ...trpc.actors.named.queryOptions({ actorIds: [assignee ?? ''] }),
    enabled: assignee !== undefined,
  });
  const person = (assignee !== undefined && data?.items[0]) || null;
  const offered = known.filter(({ label }, index) => index < mostChips || labels.includes(label));
  const gone = labels
    .filter((label) => !known.some((one) => one.label === label))
    .map((label) => ({ label, open: 0, total: 0 }));
  const countOf = (one: { open: number; total: number }) =>
    ({ open: one.open, closed: one.total - one.open, all: one.total })[state];
  return (
    <Stack gap="xs" role="group" aria-label="Which issues">
      <Group align="end">
        <SegmentedControl
          aria-label="State"
          value={state}
          onChange={(next) => change({ state: next === 'open' ? undefined : next })}
          data={[
            { value: 'open', label: 'Open' },
            { value: 'closed', label: 'Closed' },
            { value: 'all', label: 'All' },
          ]}
        />
        <MemberPicker
          key={assignee}
          projectId={projectId}
          label="Assignee"
          placeholder="Anybody"
          value={person}
          onChange={(actor) => change({ assignee: actor?.id })}
        />
        {(assignee !== undefined || labels.length > 0) && (
          <Button variant="subtle" onClick={() => change({ assignee: undefined, labels: undefined })}>
            Clear the filters
          </Button>
        )}
      </Group>
      {offered.length + gone.length > 0 && (
        <Group gap={6} role="group" aria-label="Labels">
          <Text size="sm" fw={600}>
            Labels
          </Text>
          {[...offered, ...gone].map((one) => (
            <Chip
              key={one.label}
              size="xs"
              color="blue.8"
              checked={labels.includes(one.label)}
              onChange={(isChosen) =>
                change({
                  labels: JSON.stringify(
                    isChosen ? [...labels, one.label] : labels.filter((label) => label !== one.label),
                  ),
                })
              }
            >
              {one.label} ({formatCount(countOf(one))})
            </Chip>
          ))}
        </Group>
      )}
    </Stack>
  );
}
