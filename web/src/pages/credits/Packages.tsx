import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client, trpc } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { Money } from '../../kit/Money.tsx';
import { Credits, formatCredits } from '../../kit/numbers.tsx';
import { useRight } from '../../kit/useRight.ts';

/** Begins a purchase, and goes to the page on which it is paid. */
async function buy(packageId: string, actorId: string): Promise<void> {
  const mutationId = crypto.randomUUID();
  const { url } = await client.payments.checkout.mutate({ packageId, actorId, mutationId });
  if (url === null) throw new Error('There is no page to pay on.');
  location.assign(url);
}

/** What can be bought; nothing where the server takes no payments. */
export function Packages({ actorId }: { actorId: string }) {
  const { data } = useQuery(trpc.payments.packages.queryOptions({}));
  const mayBuy = useRight('payments.checkout');
  if (!data || data.items.length === 0 || !mayBuy) return null;
  return (
    <section aria-labelledby="buy">
      <Title order={2} size="h3" id="buy" mb="xs">
        Buy credits
      </Title>
      <Group component="ul" p={0} m={0} style={{ listStyle: 'none' }} align="stretch">
        {data.items.map(({ id, credits, amountCents, currency }) => (
          <Paper key={id} component="li" withBorder p="md">
            <Stack gap="xs">
              <Text fw={600}>
                <Credits value={credits} />
              </Text>
              <Text size="sm">
                <Money cents={amountCents} currency={currency} /> before tax
              </Text>
              <ActionButton
                variant="filled"
                label={`Buy ${formatCredits(credits)}`}
                onAct={() => buy(id, actorId)}
              >
                Buy
              </ActionButton>
            </Stack>
          </Paper>
        ))}
      </Group>
    </section>
  );
}
