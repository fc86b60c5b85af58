import type pg from 'pg';
import type { ProjectScope } from '../../../authz/projectsWhere.ts';
import { projectScope } from '../projectScope.ts';

/** More projects than these are a condition of the search and not a list of ids. */
const mostListed = 200;

/** Where the caller sees rows of some kinds. */
export interface Visible {
  /** All projects that these are in; null: too many to be named. */
  projectIds: readonly string[] | null;
  /** The condition on `projects p` instead, its values put behind those there are. */
  condition(values: unknown[]): { ctes: string; sql: string };
}

/**
 * Asks first which projects the scope means: of few, PostgreSQL knows by its statistics how many rows they have,
 * and reads these instead of everybody's. (A word that is in all rows, searched for by who sees a hundred of a
 * million: 4 ms instead of 700.) @returns undefined when the caller sees none.
 */
export async function findVisible(
  reads: pg.Pool,
  scope: ProjectScope,
  projectId: string | null,
): Promise<Visible | undefined> {
  if (scope.isEmpty) return undefined;
  const { shape, ctes, condition, values } = projectScope(scope, { first: 3 });
  const { rows } = await reads.query<{ id: string }>({
    name: `search in: ${shape}`,
    text: `${ctes} select p.id from projects p where ($1::uuid is null or p.id = $1) and ${condition} limit $2`,
    values: [projectId, mostListed + 1, ...values],
  });
  if (rows.length === 0) return undefined;
  return {
    projectIds: rows.length > mostListed ? null : rows.map(({ id }) => id),
    condition(behind) {
      const here = projectScope(scope, { first: behind.length + 1 });
      behind.push(...here.values);
      return { ctes: here.ctes, sql: here.condition };
    },
  };
}
