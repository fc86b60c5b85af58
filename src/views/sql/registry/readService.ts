import type pg from 'pg';
import type { ServiceView } from '../../registry.ts';
import { serviceColumns } from './serviceColumns.ts';

const text = `select ${serviceColumns} from services s where s.id = $1 and s.project_id = $2`;

/** One service; undefined when the project has none of this id. */
export async function readService(
  reads: pg.Pool,
  of: { projectId: string; serviceId: string },
): Promise<ServiceView | undefined> {
  const values = [of.serviceId, of.projectId];
  return (await reads.query<ServiceView>({ name: 'read service', text, values })).rows[0];
}
