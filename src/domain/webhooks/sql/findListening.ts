import type { EntityManager } from '@mikro-orm/postgresql';

export interface Listening {
  id: string;
  events: string[];
  /** Milliseconds since 1970: it hears of events from then on. */
  since: number;
}

/** Walks webhooks_active_index. */
const sql = `
select id, to_json(events) as events, (extract(epoch from active_since) * 1000)::float8 as since
from webhooks where project_id = ? and active
order by id`;

/** The webhooks of a project that are switched on. */
export async function findListening(em: EntityManager, projectId: string): Promise<Listening[]> {
  return em.execute(sql, [projectId]);
}
