/** What Casbin cannot say of organizations, because it depends on who is what in this one. */

/** What a caller is towards one organization. */
export interface Standing {
  /** null: no member. */
  role: 'owner' | 'member' | null;
  /** Whether they administer the whole system. */
  isAdmin: boolean;
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
