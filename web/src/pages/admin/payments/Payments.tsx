import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../../api.ts';
import { FilterSelect } from '../../../kit/FilterSelect.tsx';
import { Page } from '../../../kit/Page.tsx';
import { PagedList } from '../../../kit/PagedList.tsx';
import { PersonPicker } from '../../../kit/PersonPicker.tsx';
import { byCursor, usePages } from '../../../kit/usePages.ts';
import { useSearchState } from '../../../kit/useSearchState.ts';
import { type Purchase, purchaseStates } from '../../credits/PurchaseState.tsx';
import { PaymentsTable } from './PaymentsTable.tsx';
import { useAwaited } from './useAwaited.ts';

const states = Object.entries(purchaseStates).map(([value, label]) => ({
  value: value as Purchase['status'],
  label,
}));

/** Milliseconds between two looks, while what the provider says of a refund is awaited. */
const renewMs = 2_000;

/** Everybody's purchases, and where they are paid back. */
export default function Payments() {
  const [{ status, actorId }, change] = useSearchState();
  const state = states.find(({ value }) => value === status)?.value;
  const buyer = useQuery({
    ...trpc.actors.named.queryOptions({ actorIds: actorId ? [actorId] : [] }),
    enabled: actorId !== undefined,
  });
  const awaited = useAwaited();
  const filter = { ...(state && { status: state }), ...(actorId && { actorId }) };
  const pages = usePages({
    ...trpc.payments.listAll.infiniteQueryOptions(filter, byCursor),
    refetchInterval: awaited.isWaiting ? renewMs : false,
  });
  return (
    <Page title="Payments" lead="Everybody’s purchases of credits, newest first.">
      <Group align="end" gap="sm">
        <PersonPicker
          label="Bought by"
          value={(actorId && buyer.data?.items[0]) || null}
          onChange={(actor) => change({ actorId: actor?.id })}
        />
        <FilterSelect
          label="State"
          all="All states"
          data={states}
          value={state ?? null}
          onChange={(value) => change({ status: value ?? undefined })}
        />
      </Group>
      <PagedList pages={pages} what="the payments" empty="There is no such payment.">
        {(payments) => <PaymentsTable payments={payments} awaited={awaited} />}
      </PagedList>
    </Page>
  );
}
