import type { EntityManager } from '@mikro-orm/postgresql';

const sql = 'update follower_cursors set seq = ?, updated_at = now() where follower = ? and stream = ?';

/** Says up to which seq a follower is done with a stream. */
export async function moveCursor(
  em: EntityManager,
  follower: string,
  stream: string,
  seq: number,
): Promise<void> {
  await em.execute(sql, [seq, follower, stream], 'run');
}
