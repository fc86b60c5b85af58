import type pg from 'pg';
import type { Stream } from '../../../events/emit.ts';

export interface Lagging {
  lagging: Stream[];
  /** Where the next page begins; null when this was the last. */
  next: string | null;
}

/** Streams looked at in one statement (about 15 ms). */
const pageSize = 5000;

/**
 * One page of all streams, in the order of their key, so that no statement grows with the number of streams.
 * Looking for young events instead would need an index on their moment, which every event would pay for.
 */
const text = `
with page as materialized (
  select stream, seq from streams where stream > $2 and stream like $3 order by stream limit ${pageSize}
)
select max(page.stream) as last, count(*)::int as size,
  coalesce(array_agg(page.stream) filter (where page.seq > coalesce(c.seq, 0)), '{}') as lagging
from page
left join follower_cursors c on c.follower = $1 and c.stream = page.stream`;

/** Streams in which a follower is behind, among those that come after `after`. */
export async function findLagging(
  reads: pg.Pool,
  follower: { name: string; streams: string },
  after: string,
): Promise<Lagging> {
  const { rows } = await reads.query<{ last: string | null; size: number; lagging: Stream[] }>({
    name: 'find lagging streams',
    text,
    values: [follower.name, after, `${follower.streams}%`],
  });
  const row = rows[0];
  return { lagging: row?.lagging ?? [], next: row?.size === pageSize ? row.last : null };
}
