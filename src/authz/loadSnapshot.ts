import type pg from 'pg';
import { PgAdapter } from './casbin.ts';
import { Snapshot, newModel } from './Snapshot.ts';

/**
 * Rules of people (`g` of `user:`) are left in the database: RoleSet is told of them call by call. Every rule of
 * the policy is one of a role, and an index finds them: among a million rules of people 0.1 ms, not 500.
 */
const rolesOnly = { p: ['like:role:%'], g: ['like:role:%'] };

/** Loads the policy and its epoch as they stand in one instant. */
export async function loadSnapshot(pool: pg.Pool): Promise<Snapshot> {
  const client = await pool.connect();
  // A connection that breaks between two statements would otherwise end the process; the next statement fails.
  const ignore = () => {};
  client.on('error', ignore);
  try {
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ epoch: string }>(
      `select epoch from authz_epochs where name = 'policy'`,
    );
    const adapter = await PgAdapter.newAdapter({
      migrate: false,
      dbClient: async (run: (client: pg.PoolClient) => Promise<unknown>) => run(client),
    });
    const model = newModel();
    await adapter.loadFilteredPolicy(model, rolesOnly);
    await client.query('commit');
    client.off('error', ignore);
    client.release();
    return await Snapshot.build(model, Number(rows[0]?.epoch ?? 0));
  } catch (error) {
    client.release(true);
    throw error;
  }
}
