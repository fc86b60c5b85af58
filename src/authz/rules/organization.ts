/** What Casbin cannot say of organizations, because it depends on who is what in this one. */

import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

/** Who administers people and organizations of the whole system: whoever may suspend them. */
const administration = 'actors.suspend';

const administrators = `administrators, who may call ${administration}`;

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

/** @param role of the caller in the organization; null: no member. */
export function standingOf(access: Pick<Access, 'can'>, role: Standing['role']): Standing {
  return { role, isAdmin: access.can(administration) };
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
