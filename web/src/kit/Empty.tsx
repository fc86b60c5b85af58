import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Stands where there is nothing yet. @param children what to do about it, such as a button */
export function Empty({ message, children }: { message: string; children?: ReactNode }) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="sm">
        <Text c="dimmed">{message}</Text>
        {children}
      </Stack>
    </Paper>
  );
}
