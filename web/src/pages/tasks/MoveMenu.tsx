import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Status, type Task, statusNames, statuses, whyNot } from './statuses.tsx';

export interface MoveMenuProps {
  task: Task;
  onMove: (status: Status) => void;
  /** The button that opens it; default: three dots. */
  children?: ReactNode;
}

/** Where a task can go, and why not elsewhere: the plain way beside dragging. */
export function MoveMenu({ task, onMove, children }: MoveMenuProps) {
  const label = `Move “${task.title}” to …`;
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        {children ?? (
          <ActionIcon variant="subtle" color="gray" aria-label={label}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        {statusNames
          .filter((status) => status !== task.status)
          .map((status) => {
            const { word, Icon } = statuses[status];
            const reason = whyNot(task.status, status);
            return (
              <Menu.Item
                key={status}
                leftSection={<Icon size={16} aria-hidden />}
                disabled={reason !== undefined}
                onClick={() => onMove(status)}
              >
                Move to {word}
                {reason !== undefined && (
                  <Text size="xs" maw={200}>
                    {reason}
                  </Text>
                )}
              </Menu.Item>
            );
          })}
      </Menu.Dropdown>
    </Menu>
  );
}
