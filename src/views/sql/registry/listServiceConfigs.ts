import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { ServiceConfigView } from '../../registry.ts';
import { before } from '../keyset.ts';

/** The sealed value of a secret is not even read. */
const text = `
select c.id, c.service_id as "serviceId", c.project_id as "projectId", c.key, c.is_secret as "isSecret",
  true as "isSet", c.value, c.created_at as "createdAt", c.updated_at as "updatedAt"
from service_configs c
where c.service_id = $1 and c.project_id = $2 and (c.created_at, c.id) < ($3, $4)
order by c.created_at desc, c.id desc limit $5`;

/** Up to `limit` values of a service's configuration before a position, newest first. */
export async function listServiceConfigs(
  reads: pg.Pool,
  of: { projectId: string; serviceId: string; position: Position | null; limit: number },
): Promise<(ServiceConfigView & { id: string })[]> {
  const values = [of.serviceId, of.projectId, ...before(of.position), of.limit];
  return (
    await reads.query<ServiceConfigView & { id: string }>({ name: 'list service configs', text, values })
  ).rows;
}
