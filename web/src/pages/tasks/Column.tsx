import { useDroppable } from '@dnd-kit/core';
import { Button, Group, Text, Title } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatCount } from '../../kit/numbers.tsx';
import type { Pages } from '../../kit/usePages.ts';
import { type Status, type Task, statuses } from './statuses.tsx';

export interface ColumnProps {
  status: Status;
  count: number;
  pages: Pages<Task>;
  /** Why what is being dragged cannot be put here. */
  refusal: string | undefined;
  children: ReactNode;
}

/** The tasks of a status; what is dragged can be put into it where the rules allow it. */
export function Column({ status, count, pages, refusal, children }: ColumnProps) {
  const { setNodeRef, isOver } = useDroppable({ id: status, disabled: refusal !== undefined });
  const { word, Icon } = statuses[status];
  const heading = `column-${status}`;
  return (
    <section
      ref={setNodeRef}
      aria-labelledby={heading}
      className="board-column"
      data-over={isOver || undefined}
      data-refusing={refusal !== undefined || undefined}
    >
      <Group gap={6} mb="xs">
        <Icon size={18} aria-hidden />
        <Title order={2} size="h5" id={heading}>
          {word}
        </Title>
        <Text size="sm" c="dimmed">
          {formatCount(count)}
          {pages.hasMore && ' and more'}
        </Text>
      </Group>
      {refusal !== undefined && (
        <Text size="sm" className="with-icon" mb="xs">
          <IconBan size={16} aria-hidden />
          {refusal}
        </Text>
      )}
      {count === 0 ? (
        <Text size="sm" c="dimmed">
          No tasks
        </Text>
      ) : (
        <ul className="board-cards">{children}</ul>
      )}
      {pages.hasMore && (
        <Button
          mt="xs"
          size="xs"
          fullWidth
          variant="default"
          loading={pages.isLoadingMore}
          onClick={pages.loadMore}
          aria-label={`Show more of “${word}”`}
        >
          Show more
        </Button>
      )}
    </section>
  );
}
