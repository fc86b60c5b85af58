import type pg from 'pg';
import type { InstitutionView } from '../../institutions.ts';
import { institutionColumns } from './institutionColumns.ts';

const text = `select ${institutionColumns} from institutions i where i.id = $1 and i.deleted_at is null`;

/** One institution; undefined when there is none of this id. */
export async function readInstitution(reads: pg.Pool, id: string): Promise<InstitutionView | undefined> {
  return (await reads.query<InstitutionView>({ name: 'read institution', text, values: [id] })).rows[0];
}
