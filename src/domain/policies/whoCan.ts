import { type Situation, isAllowed, obstacleTo } from '../../authz/decide.ts';
import { decisiveRoles } from '../../authz/decisiveRoles.ts';
import { heldRoles } from '../../authz/heldRoles.ts';
import { splitPermission } from '../../authz/permissionNames.ts';
import { type HolderRow, findHolders } from '../../authz/sql/findHolders.ts';
import { readSituation } from '../../authz/sql/readSituation.ts';
import { fail } from '../../errors.ts';
import type { HolderView } from '../../views/access.ts';
import { type Page, type Position, toPage } from '../../views/paging.ts';
import { viewActorRef } from '../../views/identity.ts';
import { viewHeldRole } from './describeRoles.ts';
import type { PolicyReads } from './supposeCall.ts';

/** Who may, page by page. */
export interface HoldersPage extends Page<HolderView> {
  /**
   * What is enough without a role of one's own: nothing (`anonymous`), or to be signed in (`authenticated`);
   * null: a role is needed. Nobody to whom a rule denies it is meant by this.
   */
  everyone: 'anonymous' | 'authenticated' | null;
}

const viewHolder = ({ given, ...actor }: HolderRow): HolderView => ({
  actor: viewActorRef(actor),
  roles: given.map(viewHeldRole),
});

/**
 * The active people who may call `object.action` by a role given to them, in person or through an
 * organization, and to whom no rule denies it.
 * @param question.projectId null: by roles held everywhere
 * @throws NOT_FOUND (project)
 */
export async function whoCan(
  { reads, authorizer }: PolicyReads,
  question: { permission: string; projectId: string | null; after: Position | null; limit: number },
): Promise<HoldersPage> {
  const { permission, projectId, after, limit } = question;
  const row = await readSituation(reads, { actorId: null, projectId, apiKeyId: null });
  if (projectId !== null && row.project_id === null) return fail('NOT_FOUND', { thing: 'project' });
  const snapshot = await authorizer.snapshotAt(Number(row.policy_epoch));
  const { visibility } = row;
  const project =
    projectId === null
      ? null
      : { id: projectId, state: row.is_project_deleted ? ('deleted' as const) : ('open' as const) };
  const everyoneThere = (isSignedIn: boolean): Situation => ({
    roles: heldRoles({ isSignedIn, given: [], visibility }),
    isSuspended: false,
    project,
    key: null,
  });
  const [signedOut, signedIn] = [everyoneThere(false), everyoneThere(true)];
  const enough = isAllowed(snapshot, signedIn, permission) ? 'authenticated' : null;
  const everyone = isAllowed(snapshot, signedOut, permission) ? 'anonymous' : enough;

  const { grants, denies } = decisiveRoles(snapshot, permission);
  // In a deleted project, or where everyone signed in is denied it, no role of one's own helps.
  const isHopeless =
    obstacleTo(signedIn, permission, splitPermission(permission)) !== null ||
    signedIn.roles.some((role) => denies.has(role));
  const rows = isHopeless
    ? []
    : await findHolders(reads, {
        projectId,
        grants: [...grants],
        denies: [...denies],
        after,
        limit: limit + 1,
      });
  return { everyone, ...toPage(rows, limit, viewHolder) };
}
