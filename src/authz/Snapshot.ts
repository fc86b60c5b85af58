import { readFileSync } from 'node:fs';
import type { Enforcer, Model } from 'casbin';
import { casbin } from './casbin.ts';
import { RoleSet } from './RoleSet.ts';

const modelText = readFileSync(new URL('model.conf', import.meta.url), 'utf8');

/** A fresh, empty Casbin model. */
export function newModel(): Model {
  return casbin.newModelFromString(modelText);
}

/** Decisions kept per snapshot, at most; past that the memo starts anew, so memory stays bounded. */
const memoSize = 50_000;

/**
 * The policy at one epoch: what each role may do and what it inherits. Never changed; a new epoch gets a
 * new snapshot. One enforcer per object holds only that object's rules and those of `*`.
 */
export class Snapshot {
  readonly epoch: number;
  readonly #roles: RoleSet;
  readonly #enforcers: Map<string, Enforcer>;
  readonly #memo = new Map<string, boolean>();

  readonly #rules: string[][];

  private constructor(epoch: number, roles: RoleSet, rules: string[][], enforcers: Map<string, Enforcer>) {
    this.epoch = epoch;
    this.#roles = roles;
    this.#rules = rules;
    this.#enforcers = enforcers;
  }

  /** @param loaded a model that holds the `p` rules and the role → role rules of `epoch`. */
  static async build(loaded: Model, epoch: number): Promise<Snapshot> {
    const roles = new RoleSet();
    for (const [role, parent] of loaded.getPolicy('g', 'g'))
      if (role && parent) await roles.addLink(role, parent);
    const rules = loaded.getPolicy('p', 'p');
    const enforcers = new Map<string, Enforcer>();
    for (const object of new Set(['*', ...rules.map((rule) => rule[1] ?? '*')])) {
      const model = newModel();
      for (const rule of rules) if (rule[1] === object || rule[1] === '*') model.addPolicy('p', 'p', rule);
      const enforcer = await casbin.newEnforcer();
      enforcer.setModel(model);
      // Not the enforcer's own buildRoleLinks: that clears the role manager, which all enforcers share.
      await model.buildRoleLinks(new Map([['g', roles]]));
      enforcers.set(object, enforcer);
    }
    return new Snapshot(epoch, roles, rules, enforcers);
  }

  /** Whether the roles allow `object.action`; `roles` without what they inherit, in any order. */
  allows(roles: readonly string[], object: string, action: string): boolean {
    const key = `${roles.toSorted().join(',')} ${object}.${action}`;
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const enforcer = this.#enforcers.get(object) ?? this.#enforcers.get('*');
    if (!enforcer) return false;
    this.#roles.hold(roles);
    // The subject's name is of no account here: its roles are what `hold` was given.
    const allowed = enforcer.enforceSync('user:caller', '*', object, action);
    if (this.#memo.size >= memoSize) this.#memo.clear();
    this.#memo.set(key, allowed);
    return allowed;
  }

  /**
   * Whether everything that `role` allows is allowed to `holders` too: nobody grants what they do not hold.
   * @param reaches a further limit on what the holder may do: the scopes of an API key.
   */
  covers(
    holders: readonly string[],
    role: string,
    reaches: (object: string, action: string) => boolean,
  ): boolean {
    const granted = this.#roles.close([role]);
    return this.#rules.every(
      ([subject = '', object = '', action = '', effect]) =>
        effect !== 'allow' ||
        !granted.has(subject) ||
        (reaches(object, action) && this.allows(holders, object, action)),
    );
  }

  /** The given roles and everything they inherit. */
  inherited(roles: readonly string[]): ReadonlySet<string> {
    return this.#roles.close(roles);
  }
}
