import type pg from 'pg';
import type { ProjectScope } from '../../authz/projectsWhere.ts';
import { type ProjectView, viewProject } from '../projects.ts';
import type { Position } from '../paging.ts';
import { before } from './keyset.ts';
import { projectScope } from './projectScope.ts';

/** Column list that matches `ProjectView`, `p` being the table. */
export const projectColumns = `
  p.id, p.owner_id as "ownerId", p.name, p.identifier, p.description, p.homepage, p.repository_url as "repositoryUrl",
  p.fork_repo_url as "forkRepoUrl", p.git_provider as "gitProvider", p.source_language as "sourceLanguage",
  p.visibility, p.default_branch as "defaultBranch", p.metadata, p.row_version as "rowVersion",
  p.last_synced_at as "lastSyncedAt", p.created_at as "createdAt", p.updated_at as "updatedAt"`;

export interface ProjectFilter {
  /** Where the caller may see projects. */
  scope: ProjectScope;
  /** Without the public projects that the caller has no role in. */
  own: boolean;
  /** Part of the name or identifier. */
  text: string | null;
  /** Those that were deleted, instead of the others: of the scope of `projects.restore`. */
  deleted?: boolean;
  after: Position | null;
  limit: number;
}

const escapeLike = (part: string) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;

/** Newest first, of the projects in the scope. */
export async function listProjects(reads: pg.Pool, filter: ProjectFilter): Promise<ProjectView[]> {
  if (filter.scope.isEmpty) return [];
  const { shape, ctes, condition, values } = projectScope(filter.scope, { first: 5, own: filter.own });
  const { rows } = await reads.query<Omit<ProjectView, 'version'> & { rowVersion: number }>({
    name: `list projects: ${shape}${filter.deleted ? ' deleted' : ''}`,
    text: `${ctes}
select ${projectColumns}
from projects p
where ${condition}${filter.deleted ? ' and p.deleted_at is not null' : ''}
  and ($1::text is null or p.name ilike $1 or p.identifier ilike $1)
  and (p.created_at, p.id) < ($2::timestamptz, $3::uuid)
order by p.created_at desc, p.id desc
limit $4`,
    values: [
      filter.text === null ? null : escapeLike(filter.text),
      ...before(filter.after),
      filter.limit,
      ...values,
    ],
  });
  return rows.map(viewProject);
}
