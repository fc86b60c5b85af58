import type pg from 'pg';
import { type ProjectSummary, type ProjectView, viewProject } from '../projects.ts';
import { projectColumns } from './listProjects.ts';

const text = `
select ${projectColumns},
  (select count(*)::int from project_members m where m.project_id = p.id) as members,
  (select count(*)::int from comment_threads t where t.project_id = p.id and t.status = 'open' and t.deleted_at is null) as "openThreads",
  (select count(*)::int from jobs j where j.project_id = p.id and j.status in ('pending', 'queued', 'running')) as "runningJobs",
  (select count(*)::int from stars s where s.project_id = p.id) as stars,
  (select max(version) from project_manifests f where f.project_id = p.id) as "manifestVersion"
from projects p
where p.id = $1`;

type Row = Omit<ProjectView, 'version'> & {
  rowVersion: number;
  members: number;
  openThreads: number;
  runningJobs: number;
  stars: number;
  manifestVersion: number | null;
};

/** @returns undefined when there is no such project; a deleted one is returned, its state is the caller's to judge. */
export async function getProject(
  client: pg.ClientBase | pg.Pool,
  id: string,
): Promise<ProjectSummary | undefined> {
  const { rows } = await client.query<Row>({ name: 'get project', text, values: [id] });
  const row = rows[0];
  if (!row) return undefined;
  const { members, openThreads, runningJobs, stars, manifestVersion } = row;
  return { ...viewProject(row), counts: { members, openThreads, runningJobs, stars }, manifestVersion };
}
