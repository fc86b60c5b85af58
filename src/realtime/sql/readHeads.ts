import type pg from 'pg';
import type { Stream } from '../../events/emit.ts';

/** A stream as far as it is known here. */
export interface Head {
  stream: Stream;
  epoch: number;
  seq: number;
}

export interface Heads {
  policyEpoch: number;
  accessEpoch: number;
  /** Only the streams that differ from what was known. */
  moved: Head[];
}

/**
 * All streams that are served in one statement, however many: a hash or index join of the list with
 * `streams`, which answers only for those that moved. One statement per stream costs a round trip each,
 * every second.
 */
const text = `
select p.epoch as policy_epoch, a.epoch as access_epoch, moved.stream, moved.epoch, moved.seq
from (select epoch from authz_epochs where name = 'policy') as p
cross join (select epoch from authz_epochs where name = 'access') as a
left join (
  select s.stream, s.epoch, s.seq
  from unnest($1::text[], $2::bigint[], $3::bigint[]) as known (stream, epoch, seq)
  join streams s on s.stream = known.stream
  where s.epoch <> known.epoch or s.seq <> known.seq
) as moved on true`;

interface Row {
  policy_epoch: string;
  access_epoch: string;
  stream: Stream | null;
  epoch: string;
  seq: string;
}

/** Reads both epochs and which of the known streams moved. */
export async function readHeads(pool: pg.Pool, known: Head[]): Promise<Heads> {
  const { rows } = await pool.query<Row>({
    name: 'read heads',
    text,
    values: [known.map(({ stream }) => stream), known.map(({ epoch }) => epoch), known.map(({ seq }) => seq)],
  });
  const [first] = rows;
  if (!first) throw new Error('The table authz_epochs lacks its two rows.');
  return {
    policyEpoch: Number(first.policy_epoch),
    accessEpoch: Number(first.access_epoch),
    moved: rows.flatMap(({ stream, epoch, seq }) =>
      stream ? [{ stream, epoch: Number(epoch), seq: Number(seq) }] : [],
    ),
  };
}
