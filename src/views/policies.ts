import { z } from 'zod';
import { type PolicyLine, type PolicyRule, fromLine } from '../authz/PolicyRule.ts';
import { roleNamePattern } from '../authz/roleName.ts';
import type { ErrorCode } from '../errors.ts';
import { moment, uuid } from './columns.ts';
import { type ActorRef, actorRef } from './identity.ts';

/** Name of a role, without the prefix that Casbin's rules have. */
export const roleName = z
  .string()
  .regex(
    roleNamePattern,
    'must be the name of a role: a lower-case letter, then up to 49 lower-case letters, digits, - and _',
  );

/** One side of a permission. There is a router or procedure of that name, or it is refused later, with its name. */
const permissionPart = z
  .string()
  .regex(/^(?:\*|[A-Za-z][A-Za-z0-9]{0,49})$/, 'must be the name of a router or procedure, or * for all');

/** A role may, or by `deny` may not, call `object.action`. */
export const permissionRule = z.object({
  kind: z.literal('permission'),
  role: roleName,
  object: permissionPart,
  action: permissionPart,
  effect: z.enum(['allow', 'deny']),
});

/** A role has everything that another has. */
export const inheritanceRule = z.object({
  kind: z.literal('inheritance'),
  role: roleName,
  inherits: roleName,
});

/** A rule of the policy, as far as its values go: all that could mean something else to Casbin is refused here. */
export const policyRule = z.discriminatedUnion('kind', [permissionRule, inheritanceRule]);

/** A version of the policy: one change of it, by whatever way it came. */
export const policyVersionView = z.object({
  /** The policy's epoch once the change was made; give it as `baseEpoch` to say what you decided on. */
  epoch: z.number(),
  /** null: the system itself, or somebody at the database. */
  actor: actorRef.nullable(),
  reason: z.string(),
  added: z.array(policyRule),
  removed: z.array(policyRule),
  createdAt: moment,
});
export type PolicyVersionView = z.infer<typeof policyVersionView>;

/** A version as the table holds it, with the actor's columns beside. */
export interface VersionRow {
  epoch: string;
  actorId: string | null;
  username: string | null;
  name: string | null;
  actorType: ActorRef['actorType'] | null;
  reason: string;
  diff: { added: PolicyLine[]; removed: PolicyLine[] };
  /** Milliseconds since 1970: connections differ in how they give moments. */
  createdMs: number;
}

const toRules = (lines: readonly PolicyLine[]): PolicyRule[] =>
  lines.map((line) => fromLine(line)).filter((rule) => rule !== undefined);

export function viewPolicyVersion(row: VersionRow): PolicyVersionView {
  const { actorId, username, name, actorType } = row;
  return {
    epoch: Number(row.epoch),
    actor:
      actorId && actorType ? { id: actorId, username: username ?? '', name: name ?? '', actorType } : null,
    reason: row.reason,
    added: toRules(row.diff.added),
    removed: toRules(row.diff.removed),
    createdAt: new Date(row.createdMs),
  };
}

/** Which version of the policy is in force. */
export interface PolicyEpochView {
  epoch: number;
}

export const roleScope = z.enum(['system', 'project']);
export type RoleScope = z.infer<typeof roleScope>;

/** A role that can be given. What it permits, `policies.matrix` tells. */
export const roleView = z.object({
  id: uuid,
  name: roleName,
  /** system: held everywhere; project: held in a project. */
  scope: roleScope,
  description: z.string(),
  isBuiltin: z.boolean(),
  /** Names of the roles whose permissions it has too. */
  inherits: z.array(z.string()),
  /** How many times it is held; null to those who may not give it. */
  holders: z.number().nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type RoleView = z.infer<typeof roleView>;

/** Why a role has a permission, or is denied it. */
export interface Cell {
  permission: string;
  /** The role whose rule it is: the role itself, or one that it inherits. */
  from: string;
  /** What the rule says: the permission, or a wildcard that covers it (`comments.*`, `*`). */
  pattern: string;
}

/** All that a role by itself may do, in the order of the procedures; what no rule speaks of is denied and left out. */
export interface RoleCells {
  role: string;
  own: Cell[];
  inherited: Cell[];
  /** By a rule that says so, whatever else would allow it. */
  denied: Cell[];
}

export type CellState = 'own' | 'inherited' | 'denied' | 'none';

/** A role as a row of the matrix. */
export interface MatrixRole {
  name: string;
  /** implicit: had without being given. unregistered: rules name it, but there is no such role to be given. */
  scope: RoleScope | 'implicit' | 'unregistered';
  description: string;
  isBuiltin: boolean;
  inherits: string[];
}

/** The whole policy: roles × procedures. */
export interface PolicyMatrix {
  epoch: number;
  roles: MatrixRole[];
  procedures: {
    permission: string;
    scope: 'project' | 'instance';
    kind: 'query' | 'mutation' | 'subscription';
  }[];
  /** In the order of the roles. No object by their names: `constructor`, say, is no key that every format takes. */
  cells: RoleCells[];
}

/** A cell of the matrix that a change of the policy would change. */
export interface ChangedCell {
  role: string;
  permission: string;
  before: CellState;
  after: CellState;
}

/** Why a change of the policy would be refused: as the error that it would be. */
export interface RefusalView {
  code: ErrorCode;
  message: string;
  remedy: string;
  details: Record<string, unknown>;
}

/** Some people: how many, and the first 20 of them at most. */
export interface AffectedView {
  count: number;
  some: ActorRef[];
}

/** What a change of the policy would do. */
export interface ProposalView {
  /** Of the policy that it is worked out for. */
  epoch: number;
  added: PolicyRule[];
  removed: PolicyRule[];
  /** Changes that would change nothing: of rules that are there already, or are not there to be removed. */
  unchanged: PolicyRule[];
  cells: ChangedCell[];
  /** How many active people could do more, or less, somewhere. */
  people: number;
  /** Who of them could do more somewhere, and who less; somebody may be in both. */
  gains: AffectedView;
  loses: AffectedView;
  /** Everything that `policies.apply` would refuse it for; empty: nothing. */
  refusals: RefusalView[];
}
