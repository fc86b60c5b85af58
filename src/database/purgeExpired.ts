import type pg from 'pg';

/** What nobody can use any more: kept a while for looking into, then removed. */
const statements = [
  `delete from mutations where created_at < now() - interval '7 days'`,
  `delete from email_tokens where coalesce(used_at, expires_at) < now() - interval '30 days'`,
  `delete from pattern_import_chunks c using pattern_imports i where i.id = c.import_id and i.updated_at < now() - interval '7 days'`,
  // Nodes read a change within a second; who was away for longer decides everything anew.
  `delete from access_changes where created_at < now() - interval '1 hour'`,
  `delete from sessions where coalesce(revoked_at, expires_at) < now() - interval '30 days'`,
  `delete from mail_digests where status <> 'sending' and created_at < now() - interval '30 days'`,
];

/** Removes answers kept for retries, spent links, records of changed access and ended sessions after their time. */
export async function purgeExpired(pool: pg.Pool): Promise<void> {
  for (const statement of statements) await pool.query(statement);
}
