import type { EntityManager } from '@mikro-orm/postgresql';

const claim = 'select seq from follower_cursors where follower = ? and stream = ? for update skip locked';
const begin = `
insert into follower_cursors (follower, stream) values (?, ?)
on conflict do nothing returning seq`;

/**
 * Takes a follower's place in a stream until the end of the transaction; its first time there begins at 0.
 * @returns the seq up to which it is done; undefined when another worker is at it.
 */
export async function claimCursor(
  em: EntityManager,
  follower: string,
  stream: string,
): Promise<number | undefined> {
  const held: { seq: string }[] = await em.execute(claim, [follower, stream]);
  if (held[0]) return Number(held[0].seq);
  const begun: { seq: string }[] = await em.execute(begin, [follower, stream]);
  return begun[0] && Number(begun[0].seq);
}
