import type { HealthView } from '../views/health.ts';
import { viewSettings } from '../views/settings.ts';
import { readDatabaseHealth } from '../views/sql/system/readDatabaseHealth.ts';
import { readFollowerHealth } from '../views/sql/system/readFollowerHealth.ts';
import { readQueueHealth } from '../views/sql/system/readQueueHealth.ts';
import { readRecurringHealth } from '../views/sql/system/readRecurringHealth.ts';
import { instance, router } from './trpc.ts';

export const system = router({
  /** Every setting, as it is on the node that answers: what it means, its default, and its value unless it is a secret. */
  settings: instance.query('system.settings', {}, ({ ctx }) => ({ items: viewSettings(ctx.settings) })),

  /**
   * How the installation is: its nodes (the one that is asked first, then those that answer it over the bus
   * within a second), the database, what waits in the queue, how far the followers of the log are behind, and
   * when recurring work last came. It takes that second, so ask every ten or so.
   */
  health: instance.query('system.health', {}, async ({ ctx }): Promise<HealthView> => {
    const { reads, background } = ctx;
    const [nodes, database, queue, followers, recurring] = await Promise.all([
      ctx.nodes.ask(),
      readDatabaseHealth(reads),
      readQueueHealth(reads),
      readFollowerHealth(reads, background.followers),
      readRecurringHealth(reads, background.recurring),
    ]);
    return { nodes, database, queue, followers, recurring };
  }),
});
