import { processInbox } from '../domain/payments/processInbox.ts';
import { inboxWork } from '../domain/payments/receiveWebhook.ts';
import type { Recurring } from './recurring.ts';

/** Deals with what providers of payments sent: as soon as it is there, and every minute with what has failed before. */
export const processPayments: Recurring = {
  name: inboxWork,
  schedule: '* * * * *',
  async run({ orm }) {
    await processInbox(orm);
  },
};
