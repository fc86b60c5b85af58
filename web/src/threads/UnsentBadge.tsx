import { Button, Popover, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { formatCount } from '../kit/numbers.tsx';
import { UnsentItem } from './UnsentItem.tsx';
import { useUnsent } from './useUnsent.ts';

/** What one wrote that has not reached the server, to be seen on every page. It is what sends it. */
export default function UnsentBadge() {
  const unsent = useUnsent().filter(({ state, tries }) => state === 'refused' || tries > 0);
  if (unsent.length === 0) return null;
  return (
    <Popover position="bottom-end" width="min(26rem, 95vw)" withinPortal trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="light"
          color="yellow"
          leftSection={<IconSend size={14} aria-hidden />}
        >
          {formatCount(unsent.length)} not sent
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah="70dvh" style={{ overflow: 'auto' }} aria-label="Not sent">
        <Stack gap="xs">
          <Text size="sm">
            It is tried again until the server answers, also after you have closed this page.
          </Text>
          {unsent.map((each) => (
            <UnsentItem key={each.mutationId} unsent={each} />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
