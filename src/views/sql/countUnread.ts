import type pg from 'pg';

/** Reads the partial index of unread notifications only. */
const text = 'select count(*)::int as unread from notifications where user_id = $1 and read_at is null';

/** How many notifications a person has not read. */
export async function countUnread(reads: pg.Pool | pg.ClientBase, userId: string): Promise<number> {
  const { rows } = await reads.query<{ unread: number }>({ name: 'count unread', text, values: [userId] });
  return rows[0]?.unread ?? 0;
}
