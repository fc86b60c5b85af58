import type pg from 'pg';
import type { ProjectScope } from '../../authz/projectsWhere.ts';
import type { Position } from '../paging.ts';
import type { StarredProject } from '../social.ts';
import { before } from './keyset.ts';
import { projectRefJson } from './projectRefJson.ts';
import { projectScope } from './projectScope.ts';

export interface OwnListFilter {
  userId: string;
  /** The projects that the person may see now: what they starred or watch elsewhere is not told. */
  scope: ProjectScope;
  projectId: string | null;
  position: Position | null;
  limit: number;
}

/** Up to `limit` projects that a person starred before a position, the last one first. */
export async function listStars(reads: pg.Pool, of: OwnListFilter): Promise<StarredProject[]> {
  const scope = projectScope(of.scope, { first: 6 });
  const { rows } = await reads.query<StarredProject>({
    name: `list stars ${scope.shape}`,
    text: `${scope.ctes}
select ${projectRefJson} as project, s.created_at as "createdAt"
from stars s
join projects p on p.id = s.project_id
where s.user_id = $1 and (s.created_at, s.project_id) < ($2, $3) and ($4::uuid is null or s.project_id = $4)
  and ${scope.condition}
order by s.created_at desc, s.project_id desc
limit $5`,
    values: [of.userId, ...before(of.position), of.projectId, of.limit, ...scope.values],
  });
  return rows;
}
