import type pg from 'pg';
import { fail } from '../errors.ts';
import { type AccessRow, readAccess } from './sql/readAccess.ts';
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

/** What was found out about a caller in one project (or outside any) at one instant. */
export interface Access {
  caller: Caller | null;
  /** Whether the caller's account is suspended: then nothing but signing out is allowed. */
  isSuspended: boolean;
  projectId: string | null;
  policyEpoch: number;
  accessEpoch: number;
  /** Direct roles, those that everyone has included; without what they inherit. */
  roles: readonly string[];
  /** When the credential runs out; null: never, or there is none. */
  expiresAt: Date | null;
  /** Whether the caller may call `object.action` here. */
  can(permission: string): boolean;
  /** Whether the caller holds everything that this role allows, and so may grant it. */
  holds(role: string): boolean;
}

/** Objects that no API key reaches, whatever its scopes say. */
export const closedToApiKeys = new Set(['auth', 'apiKeys']);

/** `object.action`, `object.*` or `*`. */
function scopeCovers(scope: string, object: string, action: string): boolean {
  return scope === '*' || scope === `${object}.*` || scope === `${object}.${action}`;
}

function rolesOf(row: Pick<AccessRow, 'actor_id' | 'roles' | 'visibility'>): string[] {
  if (!row.actor_id) return ['role:anonymous'];
  const roles = ['role:anonymous', 'role:authenticated', 'role:user', ...row.roles];
  if (row.visibility === 'public') roles.push('role:guest');
  return roles;
}

/** Makes every decision: default deny, one database read each, never from a stale policy. */
export class Authorizer {
  readonly #reads: pg.Pool;
  readonly #idleDays: number;
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
  async access(tokenHash: Buffer | null, projectId: string | null): Promise<Access> {
    const row = await readAccess(this.#reads, tokenHash, projectId, this.#idleDays);
    const snapshot = await this.snapshotAt(Number(row.policy_epoch));
    const roles = rolesOf(row);
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
    if (caller) this.#noteUse(row);
    const isReachable = projectId === null || row.project_id !== null;
    return {
      caller,
      isSuspended: row.suspended_at !== null,
      projectId,
      policyEpoch: Number(row.policy_epoch),
      accessEpoch: Number(row.access_epoch),
      roles,
      expiresAt: row.expires_at,
      can: (permission) => {
        const [object = '', action = ''] = permission.split('.');
        if (!isReachable || (row.project_deleted_at && permission !== 'projects.restore')) return false;
        if (row.suspended_at && permission !== 'auth.logout') return false;
        if (row.scopes && !this.#keyReaches(row, projectId, object, action)) return false;
        return snapshot.allows(roles, object, action);
      },
      holds: (role) =>
        snapshot.covers(
          roles,
          `role:${role}`,
          (object, action) => !row.scopes || this.#keyReaches(row, projectId, object, action),
        ),
    };
  }

  /**
   * Decides one call, and throws what the caller should hear when it is refused: UNAUTHORIZED without a
   * valid credential, ACCOUNT_SUSPENDED, NOT_FOUND in a project they cannot see, FORBIDDEN where they can.
   */
  async authorize(tokenHash: Buffer | null, permission: string, projectId: string | null): Promise<Access> {
    const access = await this.access(tokenHash, projectId);
    if (access.can(permission)) return access;
    if (!access.caller) return fail('UNAUTHORIZED');
    if (access.isSuspended) return fail('ACCOUNT_SUSPENDED');
    if (projectId !== null && !access.can('projects.get')) return fail('NOT_FOUND', { thing: 'project' });
    return fail('FORBIDDEN', { permission });
  }

  /** Who of these people may call `object.action` in the project now: whom it may be told of. In no order. */
  async filterAllowed(actorIds: readonly string[], permission: string, projectId: string): Promise<string[]> {
    return this.#selectAllowed({ ids: actorIds }, permission, projectId);
  }

  /** The ids of those people, given by username, who may call `object.action` in the project now. */
  async findAllowed(usernames: readonly string[], permission: string, projectId: string): Promise<string[]> {
    return this.#selectAllowed({ usernames }, permission, projectId);
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

  #keyReaches(row: AccessRow, projectId: string | null, object: string, action: string): boolean {
    if (closedToApiKeys.has(object)) return false;
    // A key limited to projects reaches nothing outside them either.
    if (row.project_ids && (projectId === null || !row.project_ids.includes(projectId))) return false;
    return row.scopes?.some((scope) => scopeCovers(scope, object, action)) ?? true;
  }

  /** A session's idle time slides with use; written at most once a minute, and never waited for. */
  #noteUse(row: AccessRow): void {
    if (row.last_used_at && Date.now() - row.last_used_at.getTime() < 60_000) return;
    const [text, id] = row.session_id
      ? ['update sessions set last_seen = now() where id = $1', row.session_id]
      : ['update api_keys set last_used_at = now() where id = $1', row.api_key_id];
    // Best effort: the next call tries again, and a broken database shows itself in the call proper.
    this.#reads.query(text, [id]).catch(() => {});
  }
}
