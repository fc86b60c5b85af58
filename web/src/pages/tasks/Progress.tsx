import { Group, Progress as Bar, Text } from '@mantine/core';
import { formatShare } from '../../kit/numbers.tsx';

/** The share of a milestone's tasks that are completed, as a bar and in figures. @param value in percent */
export const Progress = ({ label, value }: { label: string; value: number }) => (
  <Group gap="xs" wrap="nowrap" miw={140}>
    <Bar.Root size="lg" flex={1}>
      <Bar.Section value={value} color="blue.8" aria-label={label} />
    </Bar.Root>
    <Text size="sm" miw="3.2em" ta="end">
      {formatShare(value / 100)}
    </Text>
  </Group>
);
