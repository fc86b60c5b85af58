import { verifyCredits } from '../domain/credits/verifyCredits.ts';
import { forgetMessages } from '../domain/payments/processInbox.ts';
import type { Recurring } from './recurring.ts';

const shown = 20;

/**
 * Every night sees that balances, holds and debts agree with the records they follow from. A difference fails it,
 * which is in the log as an error: `npm run credits:verify` shows them all.
 */
export const verifyAllCredits: Recurring = {
  name: 'credits.verify',
  schedule: '41 3 * * *',
  async run({ orm, settings }) {
    const differences = await verifyCredits(orm);
    await forgetMessages(orm, settings.RETENTION_DAYS);
    if (differences.length === 0) return;
    const lines = differences.slice(0, shown).map(({ sentence }) => sentence);
    throw new Error(`${differences.length} differences in the records of credits: ${lines.join(' ')}`);
  },
};
