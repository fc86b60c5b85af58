import { createHash } from 'node:crypto';
import type pg from 'pg';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';

/** Memberships of one person, members of one project, members of one organization, projects of one organization. */
const perPerson = 10;
const perProject = 50;
const perOrganization = 50;
const perOrganizationProjects = 5;

/** A world of many memberships whose ids and tokens are known by number, so that none need be read back. */
export interface Memberships {
  count: number;
  people: number;
  projects: number;
}

/** Ids as random ones are (RFC 9562, version 4), and yet known by number: here, and in SQL. */
function uuidOf(kind: string, number: number): string {
  const hex = createHash('md5').update(`${kind} ${number}`).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
export const uuidSql = (kind: string, number: string): string =>
  `overlay(overlay(md5('${kind} ' || ${number}) placing '4' from 13) placing '8' from 17)::uuid`;
export const personId = (number: number): string => uuidOf('person', number);
export const projectId = (number: number): string => uuidOf('project', number);
export const tokenOf = (number: number): string => `token-${number}`;
export const tokenHashOf = (number: number): string => hashTokenAsText(tokenOf(number));

/** The project that a person is in by their n-th membership; an editor in even ones, a viewer in odd ones. */
export const projectOf = ({ projects }: Memberships, person: number, nth: number): number =>
  (person + nth * 7919) % projects;

const makeStatements = (people: number, projects: number) => [
  `insert into actors (id, actor_type, name, username, email, password_hash)
   select ${uuidSql('person', 'n')}, 'person', 'Person ' || n, 'person' || n, 'person' || n || '@example.org', '-'
   from generate_series(0, ${people} - 1) as n`,
  `insert into actors (id, actor_type, name, username)
   select ${uuidSql('organization', 'n')}, 'organization', 'Organization ' || n, 'organization' || n
   from generate_series(0, ${people} / ${perOrganization} - 1) as n`,
  `insert into organization_members (organization_id, actor_id, role)
   select ${uuidSql('organization', `n / ${perOrganization}`)}, ${uuidSql('person', 'n')}, 'member'
   from generate_series(0, ${people} / ${perOrganization} * ${perOrganization} - 1) as n`,
  `insert into sessions (id, user_id, token_hash, expires_at)
   select ${uuidSql('session', 'n')}, ${uuidSql('person', 'n')}, sha256(convert_to('token-' || n, 'UTF8')), now() + interval '1 day'
   from generate_series(0, ${people} - 1) as n`,
  `insert into api_keys (id, user_id, name, prefix, key_hash, scopes)
   select ${uuidSql('key', 'n')}, ${uuidSql('person', 'n')}, 'key', 'tsk_', sha256(convert_to('key ' || n, 'UTF8')), '{*}'
   from generate_series(0, ${people} - 1, 10) as n`,
  `insert into projects (id, owner_id, name, identifier)
   select ${uuidSql('project', 'n')}, ${uuidSql('person', 'n')}, 'Project ' || n, 'project-' || n
   from generate_series(0, ${projects} - 1) as n`,
  `insert into project_members (project_id, actor_id, role_id)
   select ${uuidSql('project', `(n + nth * 7919) % ${projects}`)}, ${uuidSql('person', 'n')}, r.id
   from generate_series(0, ${people} - 1) as n
   cross join generate_series(0, ${perPerson} - 1) as nth
   join roles r on r.name = case nth % 2 when 0 then 'editor' else 'viewer' end`,
  `insert into project_members (project_id, actor_id, role_id)
   select ${uuidSql('project', `(n + nth * 7919) % ${projects}`)}, ${uuidSql('organization', 'n')}, r.id
   from generate_series(0, ${people} / ${perOrganization} - 1) as n
   cross join generate_series(0, ${perOrganizationProjects} - 1) as nth
   join roles r on r.name = 'developer'`,
  // In the order of the projects' rows, not of the rules: as over years, not as if loaded.
  `insert into casbin_rules (ptype, v0, v1, v2)
   select 'g', 'user:' || m.actor_id, 'role:' || r.name, 'project:' || m.project_id
   from project_members m join roles r on r.id = m.role_id`,
];

/**
 * Fills an empty, migrated database: so many memberships of people (each in ten projects), and a hundredth of
 * them besides through organizations. Every trigger and constraint stays on. Ends with ANALYZE.
 * @param count at least 1,000.
 */
export async function fillMemberships(pool: pg.Pool, count: number): Promise<Memberships> {
  const people = count / perPerson;
  const projects = count / perProject;
  for (const statement of makeStatements(people, projects)) await pool.query(statement);
  await pool.query('vacuum analyze');
  return { count, people, projects };
}
