import type pg from 'pg';
import { fail } from '../../../errors.ts';

const text = `select repository_url as url from projects where id = $1 and deleted_at is null`;

/** The project's repository URL as it is now. @throws NOT_FOUND for a deleted project, REPOSITORY_URL_MISSING. */
export async function findRepositoryUrl(reads: pg.Pool, projectId: string): Promise<string> {
  const { rows } = await reads.query<{ url: string | null }>({
    name: 'find repository url',
    text,
    values: [projectId],
  });
  const row = rows[0] ?? fail('NOT_FOUND', { thing: 'project' });
  return row.url || fail('REPOSITORY_URL_MISSING');
}
