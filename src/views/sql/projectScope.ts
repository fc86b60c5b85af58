import type { ProjectScope } from '../../authz/projectsWhere.ts';
import { idIn } from '../../authz/sql/idIn.ts';

/** What narrows a statement on `projects p` to a scope. */
export interface ScopeSql {
  /** Tells the statements that this makes apart: part of a prepared statement's name, which has 63 characters. */
  shape: string;
  /** Nothing, or the WITH clause that the statement begins with. */
  ctes: string;
  /** Of `projects p`; what stands after WHERE, before further conditions. */
  condition: string;
  /** Of the parameters from `first` on. */
  values: unknown[];
}

const project = idIn('v2', 'project');

/**
 * The caller's projects: where they hold a role, in person or through an organization that acts, and whether
 * one of these grants or denies. Read by the caller, index (ptype, v0, v2), so it costs what they have and
 * not what there is. Fenced: without statistics the planner would rather read all rules of all people.
 */
const mine = (actor: string, grants: string, denies: string) => `
with mine as materialized (
  select r.project_id,
    bool_or(r.v1 = any(${grants}::text[])) as grants, bool_or(r.v1 = any(${denies}::text[])) as denies
  from (
    select ${actor}::uuid as id
    union all
    select o.id from organization_members m
    join actors o on o.id = m.organization_id and o.deleted_at is null and o.suspended_at is null
    where m.actor_id = ${actor}::uuid
  ) s
  cross join lateral (
    select v1, ${project.id} as project_id
    from casbin_rules where ptype = 'g' and v0 = 'user:' || s.id and ${project.isThere}
    offset 0
  ) r
  group by 1
)`;

const isGranted = 'p.id = any(array(select project_id from mine where grants))';

/**
 * The SQL of a scope: each shape of scope is a statement of its own, because one for all, with conditions
 * that switch parts off, reads every project to find the caller's three. The caller's projects are compared
 * as an array, which finds them by the primary key; `in` would hash them and read all projects there are.
 * @param scope if it is an empty one, nothing needs to be asked.
 * @param options.first the number of the first parameter that is free.
 * @param options.own only where the caller holds a role, unless they hold one that grants it everywhere.
 */
export function projectScope(scope: ProjectScope, options: { first: number; own?: boolean }): ScopeSql {
  if (scope.isEmpty) return { shape: 'nowhere', ctes: '', condition: 'false', values: [] };
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${options.first - 1 + values.push(value)}`;
  const shape: string[] = [];
  const conditions: string[] = [];
  const add = (name: string, condition: string) => {
    shape.push(name);
    conditions.push(condition);
  };
  const isDeniable = scope.actorId !== null && scope.deniedBy.length > 0;
  const ctes =
    isDeniable || !scope.isEverywhere
      ? mine(parameter(scope.actorId), parameter(scope.grantedBy), parameter(scope.deniedBy))
      : '';
  if (scope.isEverywhere) shape.push('everywhere');
  else if (scope.whenPublic !== 'grant') add('granted', isGranted);
  else if (options.own)
    add(
      'own',
      `p.id = any(array(select project_id from mine)) and (p.visibility = 'public' or ${isGranted})`,
    );
  else add('visible', `(p.visibility = 'public' or ${isGranted})`);
  if (isDeniable) add('-denied', 'not exists (select from mine d where d.project_id = p.id and d.denies)');
  if (scope.actorId !== null && scope.whenPublic === 'deny') add('-public', `p.visibility <> 'public'`);
  if (scope.projectIds) add('+listed', `p.id = any(${parameter(scope.projectIds)}::uuid[])`);
  if (scope.withDeleted) shape.push('+deleted');
  else conditions.push('p.deleted_at is null');
  return { shape: shape.join(' '), ctes, condition: conditions.join(' and ') || 'true', values };
}
