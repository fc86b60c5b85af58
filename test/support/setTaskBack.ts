import type pg from 'pg';

/** Sets the last event of a task back, as if it had happened so many days ago: the log itself cannot be changed. */
export async function setTaskBack(pool: pg.Pool, taskId: string, days: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('alter table task_events disable trigger user');
    await client.query(
      `update task_events e set created_at = now() - make_interval(days => $2)
       where task_id = $1 and number = (select max(number) from task_events where task_id = $1)`,
      [taskId, days],
    );
    await client.query('alter table task_events enable trigger user');
    await client.query('commit');
  } finally {
    client.release();
  }
}
