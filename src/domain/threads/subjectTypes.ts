import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../../errors.ts';

/** Whether the project has a subject of this id. */
type SubjectExists = (em: EntityManager, projectId: string, subjectId: string) => Promise<boolean>;

/** Rows of a table that has `project_id`, and `deleted_at` where its rows are deleted softly. */
function rowOf(table: string, { isDeletedSoftly = false } = {}): SubjectExists {
  const sql = `select 1 from ${table} where id = ? and project_id = ?${isDeletedSoftly ? ' and deleted_at is null' : ''}`;
  return async (em, projectId, subjectId) => {
    const rows: unknown[] = await em.execute(sql, [subjectId, projectId]);
    return rows.length > 0;
  };
}

/** What a thread can stand on besides lines of a file, by the name that `subjectType` takes. */
export const subjectTypes = {
  project: async (_em, projectId, subjectId) => subjectId === projectId,
  job: rowOf('jobs'),
  milestone: rowOf('milestones', { isDeletedSoftly: true }),
  task: rowOf('tasks', { isDeletedSoftly: true }),
  issue: rowOf('issues', { isDeletedSoftly: true }),
  category: rowOf('categories', { isDeletedSoftly: true }),
  field: rowOf('fields', { isDeletedSoftly: true }),
  model: rowOf('models', { isDeletedSoftly: true }),
  collection: rowOf('collections', { isDeletedSoftly: true }),
  ontology: rowOf('ontologies', { isDeletedSoftly: true }),
  vocabulary: rowOf('vocabularies', { isDeletedSoftly: true }),
} satisfies Record<string, SubjectExists>;

export type SubjectType = keyof typeof subjectTypes;
export const subjectTypeNames = Object.keys(subjectTypes) as [SubjectType, ...SubjectType[]];

/** @throws NOT_FOUND when the project has no such subject. */
export async function checkSubject(
  em: EntityManager,
  projectId: string,
  type: SubjectType,
  subjectId: string,
): Promise<void> {
  if (!(await subjectTypes[type](em, projectId, subjectId))) fail('NOT_FOUND', { thing: type });
}
