import type pg from 'pg';
import { type HeldRole, givenRoles } from './heldRoles.ts';

/** What a decision about somebody in a project rests on, whoever asks for it. */
export interface SituationRow {
  policy_epoch: string;
  actor_id: string | null;
  actor_type: 'person' | 'organization' | null;
  is_suspended: boolean;
  is_deleted: boolean;
  project_id: string | null;
  visibility: 'public' | 'private' | null;
  is_project_deleted: boolean;
  /** null: there is no such key of this actor. */
  key_state: 'live' | 'revoked' | 'expired' | null;
  scopes: string[] | null;
  project_ids: string[] | null;
  given: HeldRole[];
  /** Names of the roles that can only be held in a project. */
  project_roles: string[];
}

/** Who is asked about, where, and with which of their API keys; null: nobody, nowhere, with a session. */
export interface SituationKey {
  actorId: string | null;
  projectId: string | null;
  apiKeyId: string | null;
}

/** The read of a call, `readAccess`, for somebody who is not calling: by id instead of by credential. */
const text = `
with who as (
  select $1::uuid as id where $1::uuid is not null
), ${givenRoles('$2')}
select
  (select epoch from authz_epochs where name = 'policy') as policy_epoch,
  a.id as actor_id, a.actor_type, a.suspended_at is not null as is_suspended, a.deleted_at is not null as is_deleted,
  p.id as project_id, p.visibility, p.deleted_at is not null as is_project_deleted,
  case
    when k.id is null then null
    when k.revoked_at is not null then 'revoked'
    when k.expires_at <= now() then 'expired'
    else 'live'
  end as key_state,
  k.scopes, k.project_ids, coalesce(g.roles, '[]') as given,
  array(select name::text from roles where scope = 'project') as project_roles
from (select 1) as one
left join actors a on a.id = $1::uuid
left join projects p on p.id = $2::uuid
left join api_keys k on k.id = $3::uuid and k.user_id = a.id
left join given g on g.actor_id = a.id`;

export async function readSituation(reads: pg.Pool, key: SituationKey): Promise<SituationRow> {
  const values = [key.actorId, key.projectId, key.apiKeyId];
  const { rows } = await reads.query<SituationRow>({ name: 'read situation', text, values });
  const row = rows[0];
  if (!row)
    throw new Error('The situation read returned no row, although it is written to return one always.');
  return row;
}
