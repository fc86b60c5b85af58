import { Alert, Paper, SimpleGrid, Text } from '@mantine/core';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useLiveBalance } from '../../kit/live/useLiveBalance.ts';
import { Credits } from '../../kit/numbers.tsx';

/** What an account has, live: in all, held for jobs, and left to spend. */
export function Balance({ actorId }: { actorId: string }) {
  const { state: balance, error } = useLiveBalance(actorId);
  if (error !== undefined) return <FailureNotice error={error} />;
  if (balance === undefined) return <Loading what="the balance" />;
  if (balance === null) return <Alert color="gray" title="This account is gone" />;
  const figures = [
    { name: 'Available', value: balance.available, what: 'What a new job can use.' },
    { name: 'Held', value: balance.held, what: 'Set aside for jobs that run or wait.' },
    { name: 'Balance', value: balance.balance, what: 'In the account, those held included.' },
  ];
  return (
    <>
      {balance.debt > 0 && (
        <Alert color="red" variant="light" title="The account is in debt">
          <Credits value={balance.debt} /> were taken back after they were spent. What comes in next repays
          them; until then no job can begin.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 3 }} component="section" aria-label="Balance" aria-live="polite">
        {figures.map(({ name, value, what }) => (
          <Paper key={name} withBorder p="md">
            <Text size="sm">{name}</Text>
            <Text size="xl" fw={700} data-figure={name}>
              <Credits value={value} />
            </Text>
            <Text size="sm" c="dimmed">
              {what}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
    </>
  );
}
