import { Badge, Group } from '@mantine/core';
import { IconCircleCheck, IconCircleDot, IconTag } from '@tabler/icons-react';
import type { Issue } from './issueValues.tsx';

/** Whether an issue is open, by word and sign. */
export function IssueState({ state }: { state: Issue['state'] }) {
  const isOpen = state === 'open';
  const Icon = isOpen ? IconCircleDot : IconCircleCheck;
  return (
    <Badge
      variant="light"
      color={isOpen ? 'green' : 'violet'}
      tt="none"
      miw="max-content"
      leftSection={<Icon size={12} aria-hidden />}
    >
      {isOpen ? 'Open' : 'Closed'}
    </Badge>
  );
}

/** An issue's labels; nothing when it has none. */
export function Labels({ labels }: { labels: readonly string[] }) {
  if (labels.length === 0) return null;
  return (
    <Group component="ul" gap={4} m={0} p={0} className="plain-list" aria-label="Labels">
      {labels.map((label) => (
        <Badge
          key={label}
          component="li"
          variant="default"
          tt="none"
          leftSection={<IconTag size={12} aria-hidden />}
        >
          {label}
        </Badge>
      ))}
    </Group>
  );
}
