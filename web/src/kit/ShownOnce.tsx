import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { CopyButton } from './CopyButton.tsx';

export interface ShownOnceProps {
  title: string;
  /** What it is, as on “Copy the key”. */
  what: string;
  /** What stands before the request to copy it. */
  lead?: string;
  value: string;
  onDone: () => void;
}

/** A secret that was just made: the one time that it is shown. */
export const ShownOnce = ({ title, what, lead, value, onDone }: ShownOnceProps) => (
  <Alert color="green" variant="light" role="status" title={title}>
    <Stack gap="sm">
      <Text size="sm">{lead} Copy it now: it is not shown again.</Text>
      <Code block>{value}</Code>
      <Group>
        <CopyButton value={value} what={what} />
        <Button onClick={onDone}>I have kept it</Button>
      </Group>
    </Stack>
  </Alert>
);
