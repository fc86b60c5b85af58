import type { ThreadView } from '../threads.ts';
import { composeConditions } from './conditions.ts';

/** Which threads of a project a list or a subscription is about; what is left out is not asked. */
export interface ThreadFilter {
  threadId?: string | undefined;
  filePath?: string | undefined;
  status?: 'open' | 'resolved' | undefined;
  /** Any of these. */
  placements?: readonly ThreadView['placement'][] | undefined;
  /** Who opened it. */
  authorId?: string | undefined;
  subjectType?: string | undefined;
  subjectId?: string | undefined;
}

const conditions = {
  threadId: 't.id = $',
  filePath: 't.file_path = $',
  status: 't.status = $',
  placements: 't.placement = any($)',
  authorId: 't.author_id = $',
  subjectType: 't.subject_type = $',
  subjectId: 't.subject_id = $',
} satisfies Record<keyof ThreadFilter, string>;

/**
 * SQL conditions on `t` for what the filter asks, their values numbered from `first`: see composeConditions.
 * @returns `key` names the combination, for the names of prepared statements.
 */
export function filterThreads(
  filter: ThreadFilter,
  first: number,
): { key: string; conditions: string; values: unknown[] } {
  const { key, sql, values } = composeConditions(filter, conditions, first);
  return { key, conditions: sql, values };
}
