import type { Watched } from 'tessera-client';
import { useEffect, useState } from 'react';
import { client } from '../../../api.ts';
import { sourceOf, useLive } from '../../../kit/live/useLive.ts';
import { renewPolicy } from './renewPolicy.ts';

type Told = Watched<'policies'>;

/**
 * Has everything read anew that shows the policy when somebody changes it.
 * @param shown epoch of the policy that the page shows, undefined before it has come; null when what it shows names none
 */
export function useLivePolicy(shown: number | undefined | null): void {
  const { state: epoch } = useLive(
    sourceOf<number, Told>(
      'policy',
      (handlers) => client.policies.watch.subscribe({}, handlers),
      (_before, told) => told.epoch,
    ),
  );
  const [first, setFirst] = useState<number>();
  if (first === undefined && epoch !== undefined) setFirst(epoch);
  const known = shown === null ? first : shown;
  useEffect(() => {
    if (epoch !== undefined && known !== undefined && known < epoch) void renewPolicy();
  }, [epoch, known]);
}
