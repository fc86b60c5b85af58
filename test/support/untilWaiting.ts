import { expect } from 'vitest';
import type { TestServer } from './server.ts';
import { waitFor } from './waitFor.ts';

/**
 * Resolves once so many sessions of the server's database wait for locks that others have. It asks outside of any
 * transaction: within one, PostgreSQL shows the sessions that there were when it was first asked.
 */
export async function untilWaiting(server: Pick<TestServer, 'tessera'>, sessions = 1): Promise<void> {
  await waitFor(async () => {
    const { rowCount } = await server.tessera.services.reads.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(rowCount).toBeGreaterThanOrEqual(sessions);
  });
}
