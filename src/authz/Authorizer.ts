import type pg from 'pg';
import { Batch } from './Batch.ts';
import { type Situation, type Verdict, isAllowed, judge } from './decide.ts';
import { heldRoles, isUnlimited, keyReaches } from './heldRoles.ts';
import { type ProjectScope, projectsWhere } from './projectsWhere.ts';
import { refuse } from './refuse.ts';
import { noteUse } from './sql/noteUse.ts';
import { type AccessRow, type Asked, readAccess, readAccessOfMany } from './sql/readAccess.ts';
import { readRolesOf } from './sql/readRolesOf.ts';
import { loadSnapshot } from './loadSnapshot.ts';
import type { Snapshot } from './Snapshot.ts';

/** The signed-in actor of a call. */
export interface Caller {
  id: string;
  username: string;
  name: string;
  actorType: 'person';
  sessionId: string | null;
  apiKeyId: string | null;
}

/** What the caller may do under one policy. */
export interface Rights {
  /** Whether the caller may call `object.action` here. */
  can(permission: string): boolean;
  /** Whether the caller holds everything that this role allows, and so may grant it. */
  holds(role: string): boolean;
}

/** What was found out about a caller in one project (or outside any) at one instant. */
export interface Access extends Rights {
  caller: Caller | null;
  /** Whether the caller's account is suspended: then nothing but signing out is allowed. */
  isSuspended: boolean;
  projectId: string | null;
  policyEpoch: number;
  accessEpoch: number;
  /** Whether the credential reaches all that the caller may, but for what is closed to every API key. */
  isUnlimited: boolean;
  /** Direct roles, those that everyone has included; without what they inherit. */
  roles: readonly string[];
  /** When the credential runs out; null: never, or there is none. */
  expiresAt: Date | null;
  /** What the same caller, with the same roles and the same key, might do if this were the policy. */
  under(policy: Snapshot): Rights;
  /** Decides again with the reason, for who has to tell why. */
  judge(permission: string): Verdict;
  /** In which projects the caller may call `object.action`, for lists. Only outside any project. */
  projectsWhere(permission: string): ProjectScope;
}

function rolesOf(row: Pick<AccessRow, 'actor_id' | 'roles' | 'visibility'>): string[] {
  return heldRoles({ isSignedIn: row.actor_id !== null, given: row.roles, visibility: row.visibility });
}

function situationOf(row: AccessRow, projectId: string | null): Situation {
  const state = row.project_id === null ? 'unknown' : row.project_deleted_at ? 'deleted' : 'open';
  return {
    roles: rolesOf(row),
    isSuspended: row.suspended_at !== null,
    project: projectId === null ? null : { id: projectId, state },
    key: row.scopes && { scopes: row.scopes, projectIds: row.project_ids },
  };
}

/** Decisions read in one statement, at most, and such statements at once: the calls need connections too. */
const batches = { size: 500, atOnce: 2 };
/** Milliseconds between two notes of a credential's use. */
const noteEveryMs = 60_000;

/** Makes every decision: default deny, one database read each, never from a stale policy. */
export class Authorizer {
  readonly #reads: pg.Pool;
  readonly #idleDays: number;
  readonly #batch = new Batch<Asked, Access>((asked) => this.#accessOfMany(asked), batches);
  #snapshot: Promise<Snapshot> | undefined;

  /** @param reads a pool on the primary: a replica may not have seen a revocation yet. */
  constructor(reads: pg.Pool, options: { sessionIdleDays: number }) {
    this.#reads = reads;
    this.#idleDays = options.sessionIdleDays;
  }

  /**
   * The policy at `epoch` or later; loaded once however many calls wait for it.
   * @throws what the database answered, when this call's own load fails.
   */
  async snapshotAt(epoch: number): Promise<Snapshot> {
    for (;;) {
      const known = this.#snapshot;
      const snapshot = await known?.catch(() => undefined);
      if (snapshot && snapshot.epoch >= epoch) return snapshot;
      // Someone else may have begun a load while this call waited.
      if (this.#snapshot === known) {
        this.#snapshot = loadSnapshot(this.#reads);
        return this.#snapshot;
      }
    }
  }

  /** Reads who the credential belongs to and what they may do in the project (or outside any). */
  async access(tokenHash: string | null, projectId: string | null): Promise<Access> {
    const row = await readAccess(this.#reads, tokenHash, projectId, this.#idleDays);
    const snapshot = await this.snapshotAt(Number(row.policy_epoch));
    this.#noteUse([row]);
    return this.#toAccess(row, projectId, snapshot);
  }

  /**
   * The same, read together with what others ask for at this moment: for decisions made anew, of which one
   * change can take thousands. The read begins after this call.
   */
  async accessInBatch(tokenHash: string | null, projectId: string | null): Promise<Access> {
    return this.#batch.ask(`${tokenHash} ${projectId}`, { tokenHash, projectId });
  }

  async #accessOfMany(asked: readonly Asked[]): Promise<Access[]> {
    const rows = await readAccessOfMany(this.#reads, asked, this.#idleDays);
    const snapshot = await this.snapshotAt(Number(rows[0]?.policy_epoch));
    this.#noteUse(rows);
    return rows.map((row, index) => this.#toAccess(row, asked[index]?.projectId ?? null, snapshot));
  }

  #toAccess(row: AccessRow, projectId: string | null, snapshot: Snapshot): Access {
    const situation = situationOf(row, projectId);
    const { roles, key } = situation;
    const caller: Caller | null =
      row.actor_id === null
        ? null
        : {
            id: row.actor_id,
            username: row.username ?? '',
            name: row.name ?? '',
            actorType: 'person',
            sessionId: row.session_id,
            apiKeyId: row.api_key_id,
          };
    const under = (policy: Snapshot): Rights => ({
      can: (permission) => isAllowed(policy, situation, permission),
      holds: (role) =>
        policy.covers(
          roles,
          `role:${role}`,
          (object, action) => !key || keyReaches(key, projectId, object, action),
        ),
    });
    return {
      caller,
      isSuspended: situation.isSuspended,
      projectId,
      policyEpoch: Number(row.policy_epoch),
      accessEpoch: Number(row.access_epoch),
      isUnlimited: isUnlimited(key),
      roles,
      expiresAt: row.expires_at,
      ...under(snapshot),
      under,
      judge: (permission) => judge(snapshot, situation, permission),
      projectsWhere: (permission) => projectsWhere(snapshot, situation, caller?.id ?? null, permission),
    };
  }

  /**
   * Decides one call, and throws what the caller should hear when it is refused: UNAUTHORIZED without a
   * valid credential, ACCOUNT_SUSPENDED, NOT_FOUND in a project they cannot see, FORBIDDEN where they can.
   * @param onDenied told of it before, to record it.
   */
  async authorize(
    tokenHash: string | null,
    permission: string,
    projectId: string | null,
    onDenied?: (access: Access) => void,
  ): Promise<Access> {
    const access = await this.access(tokenHash, projectId);
    if (access.can(permission)) return access;
    onDenied?.(access);
    return refuse(access, permission);
  }

  /** Who of these people may call `object.action` in the project now: whom it may be told of. In no order. */
  async filterAllowed(actorIds: readonly string[], permission: string, projectId: string): Promise<string[]> {
    return this.#selectAllowed({ ids: actorIds }, permission, projectId);
  }

  /** The ids of those people, given by username, who may call `object.action` in the project now. */
  async findAllowed(usernames: readonly string[], permission: string, projectId: string): Promise<string[]> {
    return this.#selectAllowed({ usernames }, permission, projectId);
  }

  /** What a person may do in the project now, by their roles alone; undefined for who is suspended or gone. */
  async rightsOf(actorId: string, projectId: string): Promise<Rights | undefined> {
    const [row] = await readRolesOf(this.#reads, { ids: [actorId] }, projectId);
    if (!row) return undefined;
    const snapshot = await this.snapshotAt(Number(row.policy_epoch));
    const roles = rolesOf(row);
    return {
      can: (permission) => {
        const [object = '', action = ''] = permission.split('.');
        return snapshot.allows(roles, object, action);
      },
      holds: (role) => snapshot.covers(roles, `role:${role}`, () => true),
    };
  }

  async #selectAllowed(
    who: Parameters<typeof readRolesOf>[1],
    permission: string,
    projectId: string,
  ): Promise<string[]> {
    if (!who.ids?.length && !who.usernames?.length) return [];
    const rows = await readRolesOf(this.#reads, who, projectId);
    const epoch = rows[0]?.policy_epoch;
    if (epoch === undefined) return [];
    const snapshot = await this.snapshotAt(Number(epoch));
    const [object = '', action = ''] = permission.split('.');
    return rows.filter((row) => snapshot.allows(rolesOf(row), object, action)).map((row) => row.actor_id);
  }

  /** A session's idle time slides with use; written at most once a minute, and never waited for. */
  #noteUse(rows: readonly AccessRow[]): void {
    const isDue = ({ last_used_at: at }: AccessRow) => !at || Date.now() - at.getTime() >= noteEveryMs;
    const due = rows.filter((row) => row.actor_id !== null && isDue(row));
    if (due.length === 0) return;
    const sessions = due.flatMap(({ session_id: id }) => id ?? []);
    const apiKeys = due.flatMap(({ api_key_id: id }) => id ?? []);
    // Best effort: the next call tries again, and a broken database shows itself in the call proper.
    if (sessions.length > 0) noteUse(this.#reads, 'sessions', sessions).catch(() => {});
    if (apiKeys.length > 0) noteUse(this.#reads, 'apiKeys', apiKeys).catch(() => {});
  }
}
