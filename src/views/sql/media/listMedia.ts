import type pg from 'pg';
import type { MediaRow, MediaView } from '../../media.ts';
import type { Position } from '../../paging.ts';
import { composeConditions } from '../conditions.ts';
import { before } from '../keyset.ts';
import { mediaColumns } from './mediaColumns.ts';

export interface MediaFilter {
  status?: MediaView['status'] | undefined;
  mediaType?: MediaView['mediaType'] | undefined;
  derivedFrom?: string | undefined;
}

const conditions = {
  status: 'm.status = $',
  mediaType: 'm.media_type = $',
  derivedFrom: 'm.derived_from = $',
} satisfies Record<keyof MediaFilter, string>;

/** Up to `limit` media files of a project before a position, newest first. */
export async function listMedia(
  reads: pg.Pool,
  of: {
    projectId: string;
    filter: MediaFilter;
    /** Those that were deleted, instead of the others. */
    deleted?: boolean;
    position: Position | null;
    limit: number;
  },
): Promise<MediaRow[]> {
  const { key, sql, values } = composeConditions(of.filter, conditions, 5);
  const { rows } = await reads.query<MediaRow>({
    name: `list media ${key}${of.deleted ? ' deleted' : ''}`,
    text: `
select ${mediaColumns} from media_files m
where m.project_id = $1 and m.deleted_at is ${of.deleted ? 'not null' : 'null'} and (m.created_at, m.id) < ($2, $3)${sql}
order by m.created_at desc, m.id desc limit $4`,
    values: [of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
