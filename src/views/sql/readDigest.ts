import type pg from 'pg';
import { type DigestView, defaultDigest } from '../digests.ts';

const text = `
select s.frequency, s.hour, s.time_zone as "timeZone", a.is_verified as "isVerified"
from actors a left join digest_settings s on s.actor_id = a.id
where a.id = $1`;

/** How a person is mailed what they have not read. */
export async function readDigest(reads: pg.Pool, actorId: string): Promise<DigestView> {
  const { rows } = await reads.query<{ [K in keyof DigestView]: DigestView[K] | null }>({
    name: 'read digest',
    text,
    values: [actorId],
  });
  const [row] = rows;
  return {
    frequency: row?.frequency ?? defaultDigest.frequency,
    hour: row?.hour ?? defaultDigest.hour,
    timeZone: row?.timeZone ?? defaultDigest.timeZone,
    isVerified: row?.isVerified ?? false,
  };
}
