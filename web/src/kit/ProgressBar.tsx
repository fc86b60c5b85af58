import { Group, Progress, Text } from '@mantine/core';
import { formatShare } from './numbers.tsx';

export interface ProgressBarProps {
  /** What it is the progress of; its accessible name. */
  label: string;
  /** 0–100. */
  value: number;
  isMoving?: boolean;
  /** What stands instead of the share. */
  text?: string;
}

/** How far something is, as a bar and in figures. */
export function ProgressBar({ label, value, isMoving = false, text }: ProgressBarProps) {
  return (
    <Group gap="xs" wrap="nowrap" miw={140}>
      <Progress.Root size="lg" flex={1}>
        <Progress.Section value={value} color="blue.8" animated={isMoving} aria-label={label} />
      </Progress.Root>
      <Text size="sm" miw="3.2em" ta="end">
        {text ?? formatShare(value / 100)}
      </Text>
    </Group>
  );
}
