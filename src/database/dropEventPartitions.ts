import type pg from 'pg';

/** Milliseconds that the drop waits for those who read: all who come after it wait as long. */
const lockMs = 500;
const dayMs = 86_400_000;
/** What PostgreSQL answers when it waited in vain. */
const lockNotAvailable = '55P03';

/** Who must have read an event before it may go. */
export interface Reader {
  name: string;
  /** Whose streams it reads. */
  streams: 'project:' | 'user:';
}

export interface DroppedEvents {
  /** Partitions that are gone. */
  dropped: string[];
  /** Partitions that are old enough, and why they are still there. */
  kept: { partition: string; because: string }[];
}

/** Days with events: `events_20261121` holds those of that day in UTC, from midnight to midnight. */
const list = `
select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'events'::regclass and c.relname ~ '^events_[0-9]{8}$' order by c.relname`;

/**
 * A stream in which a reader has not come past what is to go. The last seq of each stream is an index-only
 * scan of the partition's key; streams that were purged need no reader.
 */
const findBehind = (table: string) => `
select p.stream
from (select stream, max(seq) as seq from ${table} where created_at < $3 and stream like $2 group by stream) p
join streams s on s.stream = p.stream
left join follower_cursors c on c.follower = $1 and c.stream = p.stream
where p.seq > coalesce(c.seq, 0)
limit 1`;

async function whoIsBehind(
  pool: pg.Pool,
  table: string,
  before: Date,
  readers: readonly Reader[],
): Promise<string | undefined> {
  for (const { name, streams } of readers) {
    const { rows } = await pool.query<{ stream: string }>(findBehind(table), [name, `${streams}%`, before]);
    if (rows[0]) return `${name} has not read ${rows[0].stream} so far`;
  }
  return undefined;
}

/** @returns false when somebody held it too long. */
async function dropTable(pool: pg.Pool, name: string): Promise<boolean> {
  const client = await pool.connect();
  const ignore = () => {};
  client.on('error', ignore);
  let isSound = false;
  try {
    await client.query('begin');
    try {
      await client.query(`set local lock_timeout = ${lockMs}`);
      await client.query(`drop table ${name}`);
      await client.query('commit');
      isSound = true;
      return true;
    } catch (error) {
      await client.query('rollback');
      isSound = true;
      if (error instanceof Error && 'code' in error && error.code === lockNotAvailable) return false;
      throw error;
    }
  } finally {
    client.off('error', ignore);
    client.release(!isSound);
  }
}

const toDay = (name: string) =>
  Date.UTC(Number(name.slice(7, 11)), Number(name.slice(11, 13)) - 1, Number(name.slice(13, 15)));

/**
 * Drops the partitions of `events` whose day ended `days` or more days ago, oldest first, and removes as old
 * events from the default partition. A partition that a reader still needs stays, and so do all after it, for a
 * stream's events go from the beginning or not at all. Dropping takes a moment, however many events there were;
 * it locks the table for that moment.
 */
export async function dropEventPartitions(
  pool: pg.Pool,
  options: { days: number; readers: readonly Reader[]; now?: Date },
): Promise<DroppedEvents> {
  const { days, readers, now = new Date() } = options;
  const before = new Date(now.getTime() - days * dayMs);
  const result: DroppedEvents = { dropped: [], kept: [] };
  const { rows } = await pool.query<{ name: string }>(list);
  const old = rows.filter(({ name }) => toDay(name) + dayMs <= before.getTime());
  for (const { name } of old) {
    const [held] = result.kept;
    const because =
      (held && `${held.partition} before it is kept`) ?? (await whoIsBehind(pool, name, now, readers));
    if (because !== undefined) result.kept.push({ partition: name, because });
    else if (await dropTable(pool, name)) result.dropped.push(name);
    else result.kept.push({ partition: name, because: 'it was in use' });
  }
  // What lies there is of days for which no partition was made in time, among those of the others.
  if (result.kept.length === 0) {
    const behind = await whoIsBehind(pool, 'events_default', before, readers);
    if (behind !== undefined) result.kept.push({ partition: 'events_default', because: behind });
    else await pool.query('delete from events_default where created_at < $1', [before]);
  }
  return result;
}
