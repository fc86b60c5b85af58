import type pg from 'pg';
import type { WatchedProject } from '../social.ts';
import { before } from './keyset.ts';
import type { OwnListFilter } from './listStars.ts';
import { projectRefJson } from './projectRefJson.ts';
import { projectScope } from './projectScope.ts';

/** Up to `limit` projects for which a person chose a level before a position, the last one first. */
export async function listWatches(reads: pg.Pool, of: OwnListFilter): Promise<WatchedProject[]> {
  const scope = projectScope(of.scope, { first: 6 });
  const { rows } = await reads.query<WatchedProject>({
    name: `list watches ${scope.shape}`,
    text: `${scope.ctes}
select ${projectRefJson} as project, w.level, w.created_at as "createdAt", w.updated_at as "updatedAt"
from watches w
join projects p on p.id = w.project_id
where w.user_id = $1 and (w.created_at, w.project_id) < ($2, $3) and ($4::uuid is null or w.project_id = $4)
  and ${scope.condition}
order by w.created_at desc, w.project_id desc
limit $5`,
    values: [of.userId, ...before(of.position), of.projectId, of.limit, ...scope.values],
  });
  return rows;
}
