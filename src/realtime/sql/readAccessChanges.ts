import type pg from 'pg';

/** Whom a change of access concerns; null: every actor, or every project. */
export interface AccessChange {
  epoch: number;
  actorId: string | null;
  projectId: string | null;
}

export interface AccessNews {
  policyEpoch: number;
  accessEpoch: number;
  /** Every change between the two epochs, or undefined when that cannot be said: then it may concern anybody. */
  changes: AccessChange[] | undefined;
}

/** Changes that are told apart; beyond, to look at each costs as much as to decide everything anew. */
const most = 2000;

const text = `
select p.epoch as policy_epoch, a.epoch as access_epoch, c.epoch, c.actor_id, c.project_id
from (select epoch from authz_epochs where name = 'policy') as p
cross join (select epoch from authz_epochs where name = 'access') as a
left join lateral (
  select epoch, actor_id, project_id from access_changes where epoch > $1 order by epoch limit $2
) as c on true`;

interface Row {
  policy_epoch: string;
  access_epoch: string;
  epoch: string | null;
  actor_id: string | null;
  project_id: string | null;
}

/** Reads both epochs, and whose access changed after the access epoch `since` (-1: nothing is known yet). */
export async function readAccessChanges(pool: pg.Pool, since: number): Promise<AccessNews> {
  const { rows } = await pool.query<Row>({ name: 'read access changes', text, values: [since, most + 1] });
  const [first] = rows;
  if (!first) throw new Error('The table authz_epochs lacks its two rows.');
  const accessEpoch = Number(first.access_epoch);
  const changes = rows.flatMap(({ epoch, actor_id: actorId, project_id: projectId }) =>
    epoch === null ? [] : [{ epoch: Number(epoch), actorId, projectId }],
  );
  // Every epoch has a row at least, unless it was tidied away, or the epoch was moved by hand.
  const isComplete =
    changes.length <= most && new Set(changes.map(({ epoch }) => epoch)).size === accessEpoch - since;
  return { policyEpoch: Number(first.policy_epoch), accessEpoch, changes: isComplete ? changes : undefined };
}
