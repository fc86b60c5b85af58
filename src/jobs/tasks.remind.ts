import { type Cause, transact } from '../database/transaction.ts';
import { remindOfDueTasks } from '../domain/tracking/remindOfDueTasks.ts';
import type { Recurring } from './recurring.ts';

const cause: Cause = { actorId: null, via: 'worker' };

/** Every minute says which tasks are due; the follower of the log tells their assignees. */
export const remindOfDue: Recurring = {
  name: 'tasks.remind',
  schedule: '* * * * *',
  async run({ orm }) {
    while (await transact(orm, cause, remindOfDueTasks));
  },
};
