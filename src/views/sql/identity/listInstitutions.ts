import type pg from 'pg';
import type { InstitutionView } from '../../institutions.ts';
import type { Position } from '../../paging.ts';
import { before } from '../keyset.ts';
import { institutionColumns } from './institutionColumns.ts';

const text = `
select ${institutionColumns} from institutions i
where i.deleted_at is null and (i.created_at, i.id) < ($1, $2)
order by i.created_at desc, i.id desc limit $3`;

/** Up to `limit` institutions before a position, newest first. */
export async function listInstitutions(
  reads: pg.Pool,
  of: { position: Position | null; limit: number },
): Promise<InstitutionView[]> {
  const values = [...before(of.position), of.limit];
  return (await reads.query<InstitutionView>({ name: 'list institutions', text, values })).rows;
}
