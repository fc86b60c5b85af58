import type pg from 'pg';
import type { FixtureView } from '../fixtures.ts';
import type { Position } from '../paging.ts';
import { after } from './keyset.ts';

/** There are a hundred at most: sorting them needs no index. */
const text = `
select id, name, source, created_by as "createdBy", created_at as "createdAt", updated_at as "updatedAt"
from policy_fixtures
where (created_at, id) > ($1::timestamptz, $2::uuid)
order by created_at, id
limit $3`;

/** The fixtures of the policy, oldest first. */
export async function listFixtures(
  reads: pg.Pool,
  position: Position | null,
  limit: number,
): Promise<FixtureView[]> {
  const values = [...after(position), limit];
  return (await reads.query<FixtureView>({ name: 'list fixtures', text, values })).rows;
}
