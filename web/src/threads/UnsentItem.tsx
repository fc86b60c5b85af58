import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { connection } from '../connection.ts';
import { CopyButton } from '../kit/CopyButton.tsx';
import { Markdown } from '../kit/Markdown.tsx';
import { PersonAvatar } from '../kit/Person.tsx';
import { useAccount } from '../kit/useAccount.ts';
import { type Unsent, outbox } from './Outbox.ts';

const says = (state: Unsent['state'], tries: number, isOffline: boolean) => {
  if (state === 'sent') return 'Sent';
  if (state === 'waiting' && (isOffline || tries > 0))
    return 'Waiting for the connection. It is sent by itself.';
  return 'Sending…';
};

/** One's own comment before the server has it: how that stands, and if it was refused, what to do. */
export function UnsentItem({ unsent }: { unsent: Unsent }) {
  const name = useAccount().data?.name ?? '';
  const standing = useSyncExternalStore(connection.subscribe, connection.get);
  const { body, state, failure, mutationId, tries } = unsent;
  return (
    <article className="comment" aria-label={`Comment by ${name}, not sent yet`} data-state={state}>
      <Group gap="xs">
        <PersonAvatar name={name} />
        <Text span fw={600} size="sm">
          {name}
        </Text>
        {state !== 'refused' && (
          <Text span size="xs" c="dimmed" role="status">
            <IconClock size={12} aria-hidden /> {says(state, tries, standing === 'offline')}
          </Text>
        )}
      </Group>
      <Markdown source={body} />
      {failure && (
        <Alert
          color="red"
          variant="light"
          role="alert"
          title={failure.message}
          icon={<IconAlertTriangle aria-hidden />}
        >
          <Text size="sm">{failure.remedy}</Text>
          <Group gap="xs" mt="xs">
            <Button size="xs" variant="default" onClick={() => outbox.retry(mutationId)}>
              Send again
            </Button>
            <CopyButton value={body} what="the text" />
            <Button size="xs" variant="default" onClick={() => outbox.remove(mutationId)}>
              Give it up
            </Button>
          </Group>
        </Alert>
      )}
    </article>
  );
}
