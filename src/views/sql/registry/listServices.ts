import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { ServiceView } from '../../registry.ts';
import { composeConditions } from '../conditions.ts';
import { before } from '../keyset.ts';
import { serviceColumns } from './serviceColumns.ts';

export interface ServiceFilter {
  status?: ServiceView['status'] | undefined;
}

/** Up to `limit` services of a project before a position, newest first. */
export async function listServices(
  reads: pg.Pool,
  of: { projectId: string; filter: ServiceFilter; position: Position | null; limit: number },
): Promise<ServiceView[]> {
  const { key, sql, values } = composeConditions(of.filter, { status: 's.status = $' }, 5);
  const { rows } = await reads.query<ServiceView>({
    name: `list services ${key}`,
    text: `
select ${serviceColumns} from services s
where s.project_id = $1 and (s.created_at, s.id) < ($2, $3)${sql}
order by s.created_at desc, s.id desc limit $4`,
    values: [of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
