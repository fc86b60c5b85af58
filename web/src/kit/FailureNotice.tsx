import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { readFailure } from 'tessera-client';

/** What to say of something that was caught: what happened, and what to do. */
export function explain(error: unknown): { message: string; remedy: string } {
  const failure = readFailure(error);
  if (failure) return failure;
  const isOfNetwork = error instanceof Error && /fetch|network|JSON/i.test(error.message);
  return isOfNetwork
    ? {
        message: 'The server does not answer.',
        remedy: 'Look at your connection, and try again in a moment.',
      }
    : {
        message: 'Something went wrong on this page.',
        remedy: 'Load it again. If it stays so, tell who runs the server.',
      };
}

/**
 * Says what went wrong and what to do. Read out at once.
 * @param onRetry shows a button that tries again
 */
export function FailureNotice({ error, onRetry }: { error: unknown; onRetry?: (() => unknown) | undefined }) {
  const { message, remedy } = explain(error);
  return (
    <Alert color="red" variant="light" role="alert" title={message} icon={<IconAlertTriangle aria-hidden />}>
      <Text size="sm">{remedy}</Text>
      {onRetry && (
        <Button mt="xs" size="xs" variant="default" onClick={() => void onRetry()}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
