import type pg from 'pg';
import { type ProjectView, viewProject } from '../projects.ts';
import type { Position } from '../paging.ts';

/** Column list that matches `ProjectView`, `p` being the table. */
export const projectColumns = `
  p.id, p.owner_id as "ownerId", p.name, p.identifier, p.description, p.homepage, p.repository_url as "repositoryUrl",
  p.fork_repo_url as "forkRepoUrl", p.git_provider as "gitProvider", p.source_language as "sourceLanguage",
  p.visibility, p.default_branch as "defaultBranch", p.metadata, p.row_version as "rowVersion",
  p.last_synced_at as "lastSyncedAt", p.created_at as "createdAt", p.updated_at as "updatedAt"`;

/**
 * Newest first, only what the caller may see: that is decided here, in SQL, by the same rules that
 * Casbin reads, so nothing is loaded to be thrown away. `$1` null: an administrator sees all.
 */
const text = `
with subjects as (
  select $1::uuid as id
  union
  select m.organization_id from organization_members m where m.actor_id = $1::uuid
), mine as (
  select substring(r.v2 from 9)::uuid as project_id
  from subjects s
  join casbin_rules r on r.ptype = 'g' and r.v0 = 'user:' || s.id and r.v2 like 'project:%'
)
select ${projectColumns}
from projects p
where p.deleted_at is null
  and ($1::uuid is null or p.id in (select project_id from mine) or ($2::boolean and p.visibility = 'public'))
  and ($3::text is null or p.name ilike $3 or p.identifier ilike $3)
  and ($4::timestamptz is null or (p.created_at, p.id) < ($4::timestamptz, $5::uuid))
order by p.created_at desc, p.id desc
limit $6`;

export interface ProjectFilter {
  /** null: everything there is. */
  actorId: string | null;
  /** Also public projects that the actor is no member of. */
  withPublic: boolean;
  /** Part of the name or identifier. */
  text: string | null;
  after: Position | null;
  limit: number;
}

const escapeLike = (part: string) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;

export async function listProjects(reads: pg.Pool, filter: ProjectFilter): Promise<ProjectView[]> {
  const { rows } = await reads.query<Omit<ProjectView, 'version'> & { rowVersion: number }>({
    name: 'list projects',
    text,
    values: [
      filter.actorId,
      filter.withPublic,
      filter.text === null ? null : escapeLike(filter.text),
      filter.after?.createdAt ?? null,
      filter.after?.id ?? null,
      filter.limit,
    ],
  });
  return rows.map(viewProject);
}
