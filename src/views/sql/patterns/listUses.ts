import type pg from 'pg';
import type { ProjectScope } from '../../../authz/projectsWhere.ts';
import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';
import type { Position } from '../../paging.ts';
import type { UseView } from '../../patterns.ts';
import { before } from '../keyset.ts';
import { type ScopeSql, projectScope } from '../projectScope.ts';
import { adoptionLinks, isAdoptable } from './adoptionLinks.ts';
import { copies, ownUses } from './useSql.ts';

const nowhere: ScopeSql = { shape: 'own', ctes: '', condition: '', values: [] };

/** The statements that find uses; copies in projects outside the scope are not even counted. */
function compose(noun: Noun, scope: ProjectScope): ScopeSql & { parts: string[] } {
  if (!isAdoptable(noun) || scope.isEmpty) return { ...nowhere, parts: ownUses[noun] };
  const within = projectScope(scope, { first: 6 });
  const { table, key } = nouns[noun];
  // A plain join: the planner begins with the copies of this one, not with all projects that the caller may see.
  const links = `select c.* from ${adoptionLinks[noun]} l join ${table} c on c.id = l.adopted_id and c.deleted_at is null where l.${key} = $1`;
  return { ...within, parts: [...ownUses[noun], copies(noun, links, within.condition)] };
}

const page = (parts: string[]) => `
select t.id as "subjectId", u.relation, u.kind, u.id, u.project_id as "projectId", u.name, u.identifier, u.created_at as "createdAt"
from subject t
left join lateral (
  select * from (
    ${parts.join('\n    union all\n    ')}
  ) u
  where (u.created_at, u.id) < ($3, $4) order by u.created_at desc, u.id desc limit $5
) u on true
order by u.created_at desc, u.id desc`;

/**
 * Where something is used, newest first: in its own project, and as the original of copies in other projects.
 * @param of.scope in which projects the caller may see copies
 * @returns undefined when the project has nothing of this id.
 */
export async function listUses(
  reads: pg.Pool,
  noun: Noun,
  of: { projectId: string; id: string; scope: ProjectScope; position: Position | null; limit: number },
): Promise<UseView[] | undefined> {
  const { shape, ctes, parts, values } = compose(noun, of.scope);
  const subject = `subject as (select id from ${nouns[noun].table} where id = $1 and project_id = $2 and deleted_at is null)`;
  const { rows } = await reads.query<UseView & { id: string | null; subjectId: string }>({
    name: `list uses of ${noun}: ${shape}`,
    text: `${ctes === '' ? 'with ' : `${ctes}, `}${subject}${page(parts)}`,
    values: [of.id, of.projectId, ...before(of.position), of.limit, ...values],
  });
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ subjectId: _, ...use }) => (use.id === null ? [] : [use]));
}
