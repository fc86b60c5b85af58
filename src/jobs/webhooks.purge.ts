import { type Cause, transact } from '../database/transaction.ts';
import { purgeDeliveries } from '../domain/webhooks/sql/purgeDeliveries.ts';
import type { Recurring } from './recurring.ts';

const cause: Cause = { actorId: null, via: 'worker' };
/** Days that the log of deliveries goes back. */
const keptDays = 30;
const batchSize = 1_000;

/** Every hour removes old entries of the log of deliveries. */
export const purgeWebhookLog: Recurring = {
  name: 'webhooks.purge',
  schedule: '41 * * * *',
  async run({ orm }) {
    const purge = () => transact(orm, cause, (em) => purgeDeliveries(em, keptDays, batchSize));
    while ((await purge()) === batchSize);
  },
};
