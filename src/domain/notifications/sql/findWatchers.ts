import type { EntityManager } from '@mikro-orm/postgresql';

export interface Watcher {
  actorId: string;
  /** When they began, by the clock of the database; ms since 1970. */
  since: number;
}

const sql = `
select user_id as "actorId", (extract(epoch from updated_at) * 1000)::float8 as since
from watches where project_id = ? and level = 'all'`;

/** Who wants to hear of everything that is new in a project. */
export async function findWatchers(em: EntityManager, projectId: string): Promise<Watcher[]> {
  return em.execute(sql, [projectId]);
}
