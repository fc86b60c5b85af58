import { type BalanceState, type Watched, applyToBalance } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import type { Live } from './LiveSource.ts';
import { sourceOf, tracked, useLive } from './useLive.ts';

/**
 * What an account has, live. Lists of what happened in it are read again whenever it changes.
 * @param actorId an organization's, or one's own
 */
export const useLiveBalance = (actorId: string): Live<BalanceState> =>
  useLive(
    sourceOf(
      `balance:${actorId}`,
      tracked((handlers) => client.credits.watch.subscribe({ actorId }, handlers)),
      (balance: BalanceState | undefined, event: Watched<'credits'>) => {
        if (event.type === 'checkpoint') return balance ?? null;
        for (const list of [trpc.credits.history, trpc.credits.holds, trpc.payments.transactions])
          void queryClient.invalidateQueries({ queryKey: list.pathKey() });
        return applyToBalance(balance, event);
      },
    ),
  );
