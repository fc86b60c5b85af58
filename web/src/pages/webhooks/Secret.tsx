import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { CopyButton } from '../../kit/CopyButton.tsx';

/** The secret of a webhook: the one time that it is shown. */
export const Secret = ({ value, onDone }: { value: string; onDone: () => void }) => (
  <Alert color="green" variant="light" role="status" title="The webhook’s secret">
    <Stack gap="sm">
      <Text size="sm">With it the receiver checks what comes. Copy it now: it is not shown again.</Text>
      <Code block>{value}</Code>
      <Group>
        <CopyButton value={value} what="the secret" />
        <Button onClick={onDone}>I have kept it</Button>
      </Group>
    </Stack>
  </Alert>
);
