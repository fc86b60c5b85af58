import { expireHolds } from '../domain/credits/expireHolds.ts';
import type { Recurring } from './recurring.ts';

/** Every five minutes gives back what is held beyond its time. */
export const expireCreditHolds: Recurring = {
  name: 'credits.expire',
  schedule: '*/5 * * * *',
  async run({ orm }) {
    await expireHolds(orm);
  },
};
