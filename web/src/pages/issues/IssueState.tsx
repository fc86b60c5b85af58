import { Badge, Group } from '@mantine/core';
import { IconCircleCheck, IconCircleDot, IconTag } from '@tabler/icons-react';
import { Sign } from '../../kit/Sign.tsx';
import type { Issue } from './issueValues.tsx';

/** Whether an issue is open, by word and sign. */
export const IssueState = ({ state }: { state: Issue['state'] }) =>
  state === 'open' ? (
    <Sign word="Open" color="green" Icon={IconCircleDot} />
  ) : (
    <Sign word="Closed" color="violet" Icon={IconCircleCheck} />
  );

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
