import type { EntityManager } from '@mikro-orm/postgresql';
import type { ThreadView } from '../../../views/threads.ts';
import { type ThreadRow, threadColumns, toThreadView } from '../../../views/sql/threadRow.ts';
import type { ThreadPlace } from '../placeThread.ts';

export interface NewPlace extends ThreadPlace {
  id: string;
  /** The version in which the thread stood when its new place was found. */
  fromVersion: number;
}

/** A thread that was placed anew, or deleted, meanwhile is left alone: its new place was found from the old. */
const sql = `
with moved as (
  update comment_threads t set file_path = p."filePath", line_start = p."lineStart", line_end = p."lineEnd",
    placement = p.placement, placed_version = p."placedVersion", updated_at = now()
  from jsonb_to_recordset(?::jsonb) as p (id uuid, "fromVersion" int, "filePath" text, "lineStart" int, "lineEnd" int,
    placement thread_placement, "placedVersion" int)
  where t.id = p.id and t.placed_version = p."fromVersion" and t.deleted_at is null
  returning t.*
)
select ${threadColumns} from moved t left join actors a on a.id = t.author_id order by t.created_at, t.id`;

/** The driver of the unit of work leaves moments as PostgreSQL writes them in UTC: `2026-11-20 12:00:00.123+00`. */
function readMoment(text: Date | string): Date {
  return typeof text === 'string' ? new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z')) : text;
}

/** Writes where threads stand now; through the unit of work each would be a statement and a record of its own. */
export async function putPlaces(em: EntityManager, places: NewPlace[]): Promise<ThreadView[]> {
  const rows: ThreadRow[] = await em.execute(sql, [JSON.stringify(places)]);
  return rows.map((row) =>
    toThreadView({
      ...row,
      resolved_at: row.resolved_at && readMoment(row.resolved_at),
      created_at: readMoment(row.created_at),
      updated_at: readMoment(row.updated_at),
    }),
  );
}
