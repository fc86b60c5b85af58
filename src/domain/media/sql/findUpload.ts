import type pg from 'pg';

const text = `
select size_bytes::float8 as size, created_at as "createdAt" from media_files
where id = $1 and status = 'uploading' and deleted_at is null and upload_expires_at > now()`;

/** An upload whose bytes are still awaited; undefined for any other. */
export async function findUpload(
  pool: pg.Pool,
  mediaId: string,
): Promise<{ size: number; createdAt: Date } | undefined> {
  const { rows } = await pool.query<{ size: number; createdAt: Date }>({
    name: 'find upload',
    text,
    values: [mediaId],
  });
  return rows[0];
}
