/** Which threads of a project a list or a subscription is about; what is left out is not asked. */
export interface ThreadFilter {
  threadId?: string | undefined;
  filePath?: string | undefined;
  status?: 'open' | 'resolved' | undefined;
  subjectType?: string | undefined;
  subjectId?: string | undefined;
}

const columns = {
  threadId: 't.id',
  filePath: 't.file_path',
  status: 't.status',
  subjectType: 't.subject_type',
  subjectId: 't.subject_id',
} satisfies Record<keyof ThreadFilter, string>;

/**
 * SQL conditions on `t` for what the filter asks, their values numbered from `first`. Each combination is a
 * statement of its own: `$2 is null or file_path = $2` would keep the generic plan from using an index.
 * @returns `key` names the combination, for the names of prepared statements.
 */
export function filterThreads(
  filter: ThreadFilter,
  first: number,
): { key: string; conditions: string; values: unknown[] } {
  const asked = (Object.keys(columns) as (keyof ThreadFilter)[]).filter((name) => filter[name] !== undefined);
  return {
    key: asked.join(' '),
    conditions: asked.map((name, index) => ` and ${columns[name]} = $${first + index}`).join(''),
    values: asked.map((name) => filter[name]),
  };
}
