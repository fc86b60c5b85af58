/** Calls that nobody makes: what would be decided if somebody did. */
import type pg from 'pg';
import type { Authorizer } from '../../authz/Authorizer.ts';
import type { Situation } from '../../authz/decide.ts';
import { heldRoles } from '../../authz/heldRoles.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';
import type { HeldRole } from '../../authz/sql/heldRoles.ts';
import { type SituationKey, type SituationRow, readSituation } from '../../authz/sql/readSituation.ts';
import { fail } from '../../errors.ts';

/** What supposing works with. */
export interface PolicyReads {
  /** On the primary: a replica may not know of a revocation yet. */
  reads: pg.Pool;
  authorizer: Pick<Authorizer, 'snapshotAt'>;
}

/** Why a credential stands for nobody. */
export type CredentialState = 'deleted' | 'keyRevoked' | 'keyExpired';

/** Somebody's call in a project, or outside any, with all that a decision about it rests on. */
export interface SupposedCall {
  snapshot: Snapshot;
  situation: Situation;
  /** null: the credential works, or there is none. */
  credential: CredentialState | null;
  /** Whether it counts as signed in. */
  isSignedIn: boolean;
  /** Roles given to them that count here. */
  given: readonly HeldRole[];
  visibility: 'public' | 'private' | null;
  /** Names of the roles that can only be held in a project. */
  projectRoles: readonly string[];
}

function credentialOf(row: SituationRow): CredentialState | null {
  if (row.is_deleted) return 'deleted';
  if (row.key_state === 'revoked') return 'keyRevoked';
  return row.key_state === 'expired' ? 'keyExpired' : null;
}

/** @param within where the call is made: a project's own procedures see the roles held there. */
function toCall(
  row: SituationRow,
  snapshot: Snapshot,
  key: SituationKey,
  within: 'project' | 'instance',
): SupposedCall {
  const credential = credentialOf(row);
  const isSignedIn = row.actor_id !== null && credential === null;
  const projectId = within === 'project' ? key.projectId : null;
  const given = isSignedIn ? row.given.filter(({ isEverywhere }) => projectId !== null || isEverywhere) : [];
  const visibility = projectId === null ? null : row.visibility;
  const state = row.project_id === null ? 'unknown' : row.is_project_deleted ? 'deleted' : 'open';
  const isLimited = row.scopes !== null && row.key_state === 'live';
  return {
    snapshot,
    situation: {
      roles: heldRoles({ isSignedIn, given: given.map(({ role }) => `role:${role}`), visibility }),
      isSuspended: isSignedIn && row.is_suspended,
      project: projectId === null ? null : { id: projectId, state },
      key: isLimited ? { scopes: row.scopes ?? [], projectIds: row.project_ids } : null,
    },
    credential,
    isSignedIn,
    given,
    visibility,
    projectRoles: row.project_roles,
  };
}

/**
 * What a call of this person would be decided by: in the project, and outside any.
 * @throws NOT_FOUND when there is no such person, or no such API key of theirs; an organization calls nothing
 */
export async function supposeCalls(
  { reads, authorizer }: PolicyReads,
  key: SituationKey,
): Promise<{ inProject: SupposedCall; outside: SupposedCall }> {
  const row = await readSituation(reads, key);
  if (key.actorId !== null && row.actor_type !== 'person') return fail('NOT_FOUND', { thing: 'person' });
  if (key.apiKeyId !== null && row.key_state === null)
    return fail('NOT_FOUND', { thing: 'API key of this person' });
  const snapshot = await authorizer.snapshotAt(Number(row.policy_epoch));
  return {
    inProject: toCall(row, snapshot, key, 'project'),
    outside: toCall(row, snapshot, key, 'instance'),
  };
}
