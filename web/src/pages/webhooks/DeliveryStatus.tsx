import { IconAlertTriangle, IconCheck, IconClock } from '@tabler/icons-react';
import type { Outputs } from 'tessera-client';
import { Sign } from '../../kit/Sign.tsx';

export type Delivery = Outputs['webhooks']['deliveries']['items'][number];

/** Each has a word and a sign of its own: colour only adds to them. */
export const statuses = {
  pending: { word: 'On its way', color: 'blue', Icon: IconClock },
  delivered: { word: 'Delivered', color: 'green', Icon: IconCheck },
  failed: { word: 'Failed', color: 'red', Icon: IconAlertTriangle },
} satisfies Record<Delivery['status'], object>;

const reasons: Record<NonNullable<Delivery['failure']>, string> = {
  exhausted: 'every attempt failed',
  gone: 'the receiver is gone',
  disabled: 'the webhook was switched off',
  forbidden: 'who is responsible may not read the event',
};

/** How a delivery stands, and why it is not tried any more. */
export function DeliveryStatus({ delivery: { status, failure } }: { delivery: Delivery }) {
  return (
    <>
      <Sign {...statuses[status]} /> {failure && reasons[failure]}
    </>
  );
}
