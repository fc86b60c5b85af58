import { Button, Group, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../api.ts';
import { FilterSelect } from '../../kit/FilterSelect.tsx';
import { MemberPicker } from '../../kit/MemberPicker.tsx';
import type { Milestone } from './statuses.tsx';
import { useTaskFilter } from './useTaskFilter.ts';

/** Which tasks are shown, and whether as a board or as a list. */
export function Filters({ projectId, milestones }: { projectId: string; milestones: readonly Milestone[] }) {
  const [{ view, milestone, assignee }, change] = useTaskFilter();
  const { data } = useQuery({
    ...trpc.actors.named.queryOptions({ actorIds: [assignee ?? ''] }),
    enabled: assignee !== undefined,
  });
  const person = (assignee !== undefined && data?.items[0]) || null;
  return (
    <Group align="end" role="group" aria-label="Which tasks">
      <SegmentedControl
        aria-label="Shown as"
        value={view}
        onChange={(next) => change({ view: next === 'list' ? next : undefined })}
        data={[
          { value: 'board', label: 'Board' },
          { value: 'list', label: 'List' },
        ]}
      />
      <FilterSelect
        label="Milestone"
        all="Any milestone"
        searchable
        data={[
          { value: 'none', label: 'No milestone' },
          ...milestones.map(({ id, title }) => ({ value: id, label: title })),
        ]}
        value={milestone ?? null}
        onChange={(next) => change({ milestone: next ?? undefined })}
      />
      <MemberPicker
        key={assignee}
        projectId={projectId}
        label="Assignee"
        placeholder="Anybody"
        value={person}
        onChange={(actor) => change({ assignee: actor?.id })}
      />
      {(milestone !== undefined || assignee !== undefined) && (
        <Button variant="subtle" onClick={() => change({ milestone: undefined, assignee: undefined })}>
          Show all tasks
        </Button>
      )}
    </Group>
  );
}
