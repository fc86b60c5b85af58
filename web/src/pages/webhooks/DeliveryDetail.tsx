import { Code, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { formatCount } from '../../kit/numbers.tsx';

/** A message as it should be read: indented, when it is JSON. */
function indent(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** The attempts at one delivery, newest first, and the message as it is sent. */
export function DeliveryDetail(of: { projectId: string; webhookId: string; deliveryId: string }) {
  const { data, error: latest, refetch } = useQuery(trpc.webhooks.delivery.queryOptions(of));
  const error = failureOf({ data, error: latest });
  if (error) return <FailureNotice error={error} onRetry={refetch} />;
  if (!data) return <Loading what="the attempts" />;
  const { tries, body, nextAttemptAt } = data;
  return (
    <Stack gap="xs">
      {nextAttemptAt && (
        <Text size="sm">
          It is tried next <Time at={nextAttemptAt} />.
        </Text>
      )}
      <Stack component="ol" gap="xs" m={0} aria-label="Attempts">
        {tries.map(({ number, createdAt, durationMs, httpStatus, errorMessage, responseBody }) => (
          <li key={`${number} ${createdAt.toISOString()}`} value={number}>
            <Text size="sm">
              <Time at={createdAt} as="moment" />: {httpStatus ?? 'no answer'}
              {durationMs !== null && ` after ${formatCount(durationMs)} ms`}
              {errorMessage && `. ${errorMessage}`}
            </Text>
            {responseBody && <Code block>{responseBody}</Code>}
          </li>
        ))}
      </Stack>
      {body === null ? (
        <Text size="sm">You may not read what this message says.</Text>
      ) : (
        <>
          <Text size="sm" fw={600}>
            Message
          </Text>
          <Code block mah={320} style={{ overflow: 'auto' }} tabIndex={0}>
            {indent(typeof body === 'string' ? body : JSON.stringify(body))}
          </Code>
        </>
      )}
    </Stack>
  );
}
