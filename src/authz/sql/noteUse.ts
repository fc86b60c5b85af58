import type pg from 'pg';

/**
 * Rows that somebody is changing are left out: whoever notes a use waits for nobody, and so cannot be part of
 * a deadlock with a revocation of several sessions.
 */
const textOf = (table: 'sessions' | 'api_keys', column: 'last_seen' | 'last_used_at') => `
update ${table} set ${column} = now()
where id = any(array(select id from ${table} where id = any($1::uuid[]) for update skip locked))`;

const statements = {
  sessions: { name: 'note use of sessions', text: textOf('sessions', 'last_seen') },
  apiKeys: { name: 'note use of API keys', text: textOf('api_keys', 'last_used_at') },
};

/** Says that credentials, given by their ids, were used now. */
export async function noteUse(
  reads: pg.Pool,
  of: keyof typeof statements,
  ids: readonly string[],
): Promise<void> {
  await reads.query({ ...statements[of], values: [ids] });
}
