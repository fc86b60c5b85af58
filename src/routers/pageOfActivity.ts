import { fail } from '../errors.ts';
import { type EventType, catalogue } from '../events/catalogue.ts';
import type { ActivityItem } from '../views/activity.ts';
import type { Page } from '../views/paging.ts';
import { listActivity } from '../views/sql/listActivity.ts';
import type { Call } from './Call.ts';

/** The cursor of a feed is the seq of the last event shown. @throws CURSOR_INVALID */
function readSeq(cursor: string | null | undefined): number | null {
  if (!cursor) return null;
  return /^[1-9][0-9]{0,14}$/.test(cursor) ? Number(cursor) : fail('CURSOR_INVALID');
}

/** Types of event that the caller may read in the project; those of people's own streams never occur there. */
function readableTypes({ access }: Call): EventType[] {
  return Object.entries(catalogue)
    .filter(([, { permission }]) => permission !== null && access.can(permission))
    .map(([type]) => type as EventType);
}

/** One page of a project's activity feed, newest first. */
export async function pageOfActivity(
  ctx: Call,
  { cursor, limit }: { cursor?: string | null | undefined; limit: number },
): Promise<Page<ActivityItem>> {
  const before = readSeq(cursor);
  const items = await listActivity(ctx.reads, {
    projectId: ctx.projectId,
    types: readableTypes(ctx),
    before,
    limit: limit + 1,
  });
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: items.length > limit && last ? String(last.seq) : null };
}
