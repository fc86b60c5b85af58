import type pg from 'pg';

const text = `
insert into presence_nodes (id) values ($1)
on conflict (id) do update set seen_at = now()
returning xmax = 0 as "isNew"`;

/** Says that the node lives. @returns whether nobody knew it: then what it holds may have been forgotten. */
export async function beat(reads: pg.Pool, nodeId: string): Promise<boolean> {
  const { rows } = await reads.query<{ isNew: boolean }>({ name: 'beat presence', text, values: [nodeId] });
  return rows[0]?.isNew ?? true;
}

/** The node stops: whatever it still holds is forgotten after `graceMs`. */
export async function retire(reads: pg.Pool, nodeId: string, graceMs: number): Promise<void> {
  await reads.query(
    `with gone as (delete from presence_nodes where id = $1)
     update presences set expires_at = now() + $2::float * interval '1 millisecond' where node_id = $1 and expires_at is null`,
    [nodeId, graceMs],
  );
}
