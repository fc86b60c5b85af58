import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useAccount } from '../kit/useAccount.ts';
import { type Unsent, outbox } from './Outbox.ts';

/** All that has not reached the server yet, or has only just. */
export function useUnsent(): readonly Unsent[] {
  const actorId = useAccount().data?.id;
  useEffect(() => {
    if (actorId !== undefined) outbox.open(actorId);
  }, [actorId]);
  return useSyncExternalStore(outbox.subscribe, outbox.get);
}

/** What was sent and is shown as the server has it is shown from here no longer. @param known ids of what is shown */
export function useSettled(known: ReadonlySet<string>): void {
  const all = useUnsent();
  useEffect(() => {
    if (all.length > 0) outbox.settle(known);
  }, [known, all]);
}

/** Comments on a thread that the server's are still without. @param known ids of those that are shown */
export function useUnsentComments(threadId: string, known: ReadonlySet<string>): readonly Unsent[] {
  const all = useUnsent();
  useSettled(known);
  return useMemo(
    () => all.filter((each) => !each.opens && each.threadId === threadId && !known.has(each.mutationId)),
    [all, threadId, known],
  );
}
