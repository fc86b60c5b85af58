import type pg from 'pg';
import type { DatabaseHealth } from '../../health.ts';

const text = `
select current_setting('server_version') as version, pg_database_size(current_database())::float8 as "sizeBytes",
  (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
  current_setting('max_connections')::int as "maxConnections", clock_timestamp()::timestamptz(3) as now`;

/** How large and how busy the database is. */
export async function readDatabaseHealth(reads: pg.Pool): Promise<DatabaseHealth> {
  const { rows } = await reads.query<DatabaseHealth>({ name: 'read database health', text });
  return rows[0] as DatabaseHealth;
}
