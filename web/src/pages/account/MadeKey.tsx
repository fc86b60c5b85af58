import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { CopyButton } from '../../kit/CopyButton.tsx';

/** A key that was just made: the one time that it is shown. */
export const MadeKey = ({ value, onDone }: { value: string; onDone: () => void }) => (
  <Alert color="green" role="status" title="Your new key">
    <Stack gap="sm">
      <Text size="sm">Copy it now: it is not shown again.</Text>
      <Code block>{value}</Code>
      <Group>
        <CopyButton value={value} what="the key" />
        <Button onClick={onDone}>I have kept it</Button>
      </Group>
    </Stack>
  </Alert>
);
