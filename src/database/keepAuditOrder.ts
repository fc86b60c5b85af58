import type pg from 'pg';

const lock = `select pg_advisory_xact_lock(hashtextextended('audit order', 0))`;

/** The highest number given, where it is not below the next one: null otherwise. */
const find = `
with given as (
  select greatest(
    (select max(to_transaction) - 1 from audit_seals),
    (select max(transaction_number) from audit_logs
      where transaction_number >= coalesce((select max(to_transaction) from audit_seals), 0))
  ) as last
)
select case when last >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint + audit_offset() then last end::text as last
from given`;

/**
 * Keeps the numbers of transactions in the audit log rising. A server onto which a dump was loaded counts its
 * transactions from the beginning; from here on they are counted on from the highest one of the log.
 */
export async function keepAuditOrder(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ last: string | null }>(find);
  if (!rows[0]?.last) return;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(lock);
    const { rows: again } = await client.query<{ last: string | null }>(find);
    const last = again[0]?.last;
    if (last)
      await client.query(
        `create or replace function audit_offset() returns bigint language sql stable parallel safe as $$ select ${BigInt(last) + 1n}::bigint $$`,
      );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
