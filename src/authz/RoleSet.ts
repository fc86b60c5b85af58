import type { RoleManager } from 'casbin';

/** Casbin's own role manager follows ten links, the first of which leads from the caller to a role. */
export const mostLinks = 9;

/**
 * Casbin's role manager for one snapshot. It holds only the links between roles; which roles the caller
 * has is set before each decision, from one database read, so a million memberships cost Casbin nothing.
 */
export class RoleSet implements RoleManager {
  readonly #parents = new Map<string, Set<string>>();
  #held: ReadonlySet<string> = new Set();

  /** The roles, with all they inherit, that `g(sub, role, dom)` is true for until the next call. */
  hold(roles: Iterable<string>): void {
    this.#held = this.close(roles);
  }

  /** The given roles and everything they inherit, as far as Casbin itself would follow it. */
  close(roles: Iterable<string>): ReadonlySet<string> {
    const closed = new Set(roles);
    let reached = [...closed];
    for (let links = 0; links < mostLinks && reached.length > 0; links += 1) {
      const known = closed.size;
      for (const role of reached) for (const parent of this.#parents.get(role) ?? []) closed.add(parent);
      reached = [...closed].slice(known);
    }
    return closed;
  }

  syncedHasLink(_subject: string, role: string): boolean {
    return this.#held.has(role);
  }

  async hasLink(subject: string, role: string): Promise<boolean> {
    return this.syncedHasLink(subject, role);
  }

  async addLink(role: string, parent: string): Promise<void> {
    const parents = this.#parents.get(role);
    if (parents) parents.add(parent);
    else this.#parents.set(role, new Set([parent]));
  }

  async deleteLink(role: string, parent: string): Promise<void> {
    this.#parents.get(role)?.delete(parent);
  }

  async clear(): Promise<void> {
    this.#parents.clear();
  }

  async getRoles(role: string): Promise<string[]> {
    return [...(this.#parents.get(role) ?? [])];
  }

  async getUsers(parent: string): Promise<string[]> {
    return [...this.#parents].filter(([, parents]) => parents.has(parent)).map(([role]) => role);
  }

  async getDomains(): Promise<string[]> {
    return ['*'];
  }

  async getAllDomains(): Promise<string[]> {
    return ['*'];
  }

  async printRoles(): Promise<void> {}
}
