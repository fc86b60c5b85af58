import type pg from 'pg';
import type { ProjectScope } from '../../authz/projectsWhere.ts';
import { projectScope } from './projectScope.ts';

/** Those of the projects that are in the scope, in no order: one statement, however many they are. */
export async function selectProjects(
  reads: pg.Pool,
  scope: ProjectScope,
  ids: readonly string[],
): Promise<string[]> {
  if (scope.isEmpty || ids.length === 0) return [];
  const { shape, ctes, condition, values } = projectScope(scope, { first: 2 });
  const { rows } = await reads.query<{ id: string }>({
    name: `select projects: ${shape}`,
    text: `${ctes} select p.id from projects p where p.id = any($1::uuid[]) and ${condition}`,
    values: [ids, ...values],
  });
  return rows.map(({ id }) => id);
}
