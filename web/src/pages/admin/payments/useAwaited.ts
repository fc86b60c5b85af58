import { useEffect, useState } from 'react';
import type { Purchase } from '../../credits/PurchaseState.tsx';

/** Milliseconds for which the provider's answer is awaited: most come within seconds. */
const patienceMs = 60_000;

/** Refunds that the provider was asked for, and has not told of yet. */
export interface Awaited {
  isWaiting: boolean;
  isOf: (purchase: Purchase) => boolean;
  add: (purchase: Purchase) => void;
}

export function useAwaited(): Awaited {
  const [asked, setAsked] = useState<ReadonlyMap<string, number>>(new Map());
  useEffect(() => {
    if (asked.size === 0) return undefined;
    const timer = setTimeout(() => setAsked(new Map()), patienceMs);
    return () => clearTimeout(timer);
  }, [asked]);
  return {
    isWaiting: asked.size > 0,
    isOf: ({ id, refundedCents }) => asked.get(id) === refundedCents,
    add: ({ id, refundedCents }) => setAsked((before) => new Map([...before, [id, refundedCents]])),
  };
}
