import type { EntityManager } from '@mikro-orm/postgresql';

export interface HeldMilestone {
  id: string;
  progress: number;
  isDeleted: boolean;
}

/** In the order of their ids, as the roll-up locks them. */
const sql = `
select id, progress, deleted_at is not null as "isDeleted" from milestones
where id = any(?::uuid[]) and project_id = ? order by id for no key update`;

/** Holds milestones of a project until the end of the transaction. @returns those that the project has. */
export async function lockMilestones(
  em: EntityManager,
  projectId: string,
  ids: readonly string[],
): Promise<HeldMilestone[]> {
  return ids.length === 0 ? [] : em.execute(sql, [`{${ids.join(',')}}`, projectId]);
}
