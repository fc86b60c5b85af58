/** What Casbin cannot say of organizations, because it depends on who is what in this one. */

import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

/** By an organization one comes to whatever it is a member of: who takes one over could do all that anybody may. */
const everything = '*.*';
const builtinAdmin = 'admin';

const administrators = `administrators, who may do everything`;

export const furtherRules: readonly FurtherRule[] = [
  {
    says: `Only its members see who belongs to an organization, and ${administrators}.`,
    procedures: ['organizations.members'],
  },
  {
    says: `An organization is changed by its owners, and by ${administrators}.`,
    procedures: [
      'organizations.update',
      'organizations.delete',
      'organizations.restore',
      'organizations.addMember',
      'organizations.setRole',
    ],
  },
  {
    says: 'An API key gives people a place in an organization only if its scopes are *.',
    procedures: ['organizations.addMember', 'organizations.setRole'],
  },
  {
    says: `Members take themselves out of an organization; anybody else is taken out by its owners, and by ${administrators}.`,
    procedures: ['organizations.removeMember'],
  },
  {
    says: `The shared patterns of an organization are opened by its members, for the first time by its owners, and by ${administrators}.`,
    procedures: ['patternImports.openShared'],
  },
];

/** What a caller is towards one organization. */
export interface Standing {
  /** null: no member. */
  role: 'owner' | 'member' | null;
  /** Whether they administer the organizations of the whole system. */
  isAdmin: boolean;
}

/**
 * Nothing less than everything makes an administrator of organizations: by the rule for all procedures, and
 * with nothing of it denied. The built-in role alone says too little, since its rules can be taken away.
 * @param role of the caller in the organization; null: no member.
 */
export function standingOf(access: Pick<Access, 'can' | 'holds'>, role: Standing['role']): Standing {
  return { role, isAdmin: access.can(everything) && access.holds(builtinAdmin) };
}

/** Whether the credential may give people what an organization has, which is more than a limited key can do. */
export function mayGivePlaces(access: Pick<Access, 'isUnlimited'>): boolean {
  return access.isUnlimited;
}

/** Whether they may know that it has members, and who these are; to all others its inside is NOT_FOUND. */
export function maySeeInside({ role, isAdmin }: Standing): boolean {
  return role !== null || isAdmin;
}

/** Whether they may change it and its members. */
export function mayManage({ role, isAdmin }: Standing): boolean {
  return role === 'owner' || isAdmin;
}

/** Whether they may take this member out: owners anyone, everyone themselves. */
export function mayRemove(standing: Standing, callerId: string, memberId: string): boolean {
  return mayManage(standing) || (standing.role !== null && callerId === memberId);
}
