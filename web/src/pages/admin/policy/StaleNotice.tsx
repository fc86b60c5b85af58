import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type Version, describeRule } from './rules.ts';

/** Says what others changed since the draft was begun; the draft stays. */
export function StaleNotice({
  message,
  versions,
  onRebase,
}: {
  message: string;
  versions: readonly Version[];
  onRebase: () => void;
}) {
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconRefresh aria-hidden />}
      title="The policy has changed meanwhile."
    >
      <Stack gap="xs" align="start">
        {versions.length === 0 && <Text size="sm">{message}</Text>}
        {versions.map(({ epoch, reason, added, removed }) => (
          <div key={epoch}>
            <Text size="sm" fw={600}>
              Version {epoch}: {reason}
            </Text>
            <List size="sm">
              {added.map((rule) => (
                <List.Item key={describeRule(rule)}>added: {describeRule(rule)}</List.Item>
              ))}
              {removed.map((rule) => (
                <List.Item key={describeRule(rule)}>removed: {describeRule(rule)}</List.Item>
              ))}
            </List>
          </div>
        ))}
        <Text size="sm">Your changes are kept. Look whether they are still what you want.</Text>
        <Button size="xs" variant="default" onClick={onRebase}>
          Go on with the newest policy
        </Button>
      </Stack>
    </Alert>
  );
}
