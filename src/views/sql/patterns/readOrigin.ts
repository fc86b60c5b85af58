import type pg from 'pg';
import type { ProjectScope } from '../../../authz/projectsWhere.ts';
import type { Origin } from '../../patterns.ts';
import { projectScope } from '../projectScope.ts';
import { type AdoptableNoun, originalOf } from './adoptionLinks.ts';

/**
 * Where a copy came from.
 * @param of.scope where the caller may read such things: what lies outside it is not told
 * @returns null: from somewhere else, from where the original was deleted, or from nowhere.
 */
export async function readOrigin(
  reads: pg.Pool,
  noun: AdoptableNoun,
  of: { projectId: string; id: string; scope: ProjectScope },
): Promise<Origin | null> {
  if (of.scope.isEmpty) return null;
  const { shape, ctes, condition, values } = projectScope(of.scope, { first: 3 });
  const { rows } = await reads.query<Origin>({
    name: `read origin of ${noun}: ${shape}`,
    text: `${ctes}
select p.id as "projectId", p.name as "projectName", o.id, o.name, o.identifier,
  coalesce((l.metadata ->> 'version')::int, o.row_version) as "adoptedVersion", o.row_version as version
from projects p cross join ${originalOf(noun)}
where l.project_id = $1 and l.adopted_id = $2 and o.project_id = p.id and ${condition}
limit 1`,
    values: [of.projectId, of.id, ...values],
  });
  return rows[0] ?? null;
}
