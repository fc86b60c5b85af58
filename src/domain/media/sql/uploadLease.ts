import type pg from 'pg';

const take = `
insert into upload_leases as l (media_id, holder, expires_at) values ($1, $2, now() + interval '10 seconds')
on conflict (media_id) do update set holder = $2, is_wanted = false, expires_at = now() + interval '10 seconds'
where l.expires_at < now()
returning l.media_id`;
const want = 'update upload_leases set is_wanted = true where media_id = $1 and not is_wanted';

/** Takes the lease when nobody holds it; otherwise lets its holder know that it is wanted. */
export async function takeLease(pool: pg.Pool, mediaId: string, holder: string): Promise<boolean> {
  const taken = await pool.query({ name: 'take upload lease', text: take, values: [mediaId, holder] });
  if (taken.rows.length > 0) return true;
  await pool.query({ name: 'want upload lease', text: want, values: [mediaId] });
  return false;
}

const beat = `
update upload_leases set expires_at = now() + interval '10 seconds' where media_id = $1 and holder = $2
returning is_wanted as "isWanted"`;

/** Keeps the lease. */
export async function beatLease(
  pool: pg.Pool,
  mediaId: string,
  holder: string,
): Promise<'held' | 'wanted' | 'lost'> {
  const values = [mediaId, holder];
  const { rows } = await pool.query<{ isWanted: boolean }>({
    name: 'keep upload lease',
    text: beat,
    values,
  });
  return rows[0] ? (rows[0].isWanted ? 'wanted' : 'held') : 'lost';
}

export async function dropLease(pool: pg.Pool, mediaId: string, holder: string): Promise<void> {
  const text = 'delete from upload_leases where media_id = $1 and holder = $2';
  await pool.query({ name: 'drop upload lease', text, values: [mediaId, holder] });
}
