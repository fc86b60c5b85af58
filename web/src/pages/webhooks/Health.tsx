import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../api.ts';
import { Time } from '../../kit/Time.tsx';
import { useNames } from '../../kit/useNames.ts';
import { formatCount } from '../../kit/numbers.tsx';
import type { Webhook } from './WebhookStatus.tsx';

/** Milliseconds after which it is asked for again: deliveries tell of themselves by no event. */
const renewMs = 10_000;

/** How a webhook fares, and who answers for it. */
export function Health({ webhook: { id: webhookId, projectId, responsibleId } }: { webhook: Webhook }) {
  const { data } = useQuery({
    ...trpc.webhooks.health.queryOptions({ projectId, webhookId }),
    refetchInterval: renewMs,
  });
  const name = useNames([responsibleId])(responsibleId);
  if (!data) return null;
  const { firstFailedAt, lastDeliveredAt, heldUntilAt, previousSecretEndsAt, waiting } = data;
  return (
    <>
      {firstFailedAt && (
        <Alert color="yellow" variant="light" my="xs" title="It fails at present">
          Since <Time at={firstFailedAt} /> nothing has got through. It is tried again, ever more rarely;
          after five days it is switched off.
        </Alert>
      )}
      <Text size="sm">
        {lastDeliveredAt ? (
          <>
            Last delivered <Time at={lastDeliveredAt} />.
          </>
        ) : (
          'Nothing was delivered yet.'
        )}{' '}
        {waiting > 0 && `${formatCount(waiting)} ${waiting === 1 ? 'message waits' : 'messages wait'}. `}
        {heldUntilAt && (
          <>
            The receiver asked for a pause; it goes on <Time at={heldUntilAt} />.{' '}
          </>
        )}
        {previousSecretEndsAt && (
          <>
            The secret before signs besides; that ends <Time at={previousSecretEndsAt} />.{' '}
          </>
        )}
        {name && `It is told what ${name} may read.`}
      </Text>
    </>
  );
}
