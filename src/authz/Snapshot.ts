import { readFileSync } from 'node:fs';
import type { Enforcer, Model } from 'casbin';
import { casbin } from './casbin.ts';
import { permissionsUnder, splitPermission } from './permissionNames.ts';
import { type PermissionRule, type PolicyRule, fromLine, toLine } from './PolicyRule.ts';
import { RoleSet } from './RoleSet.ts';

/** The plain Casbin model, `model.conf`, that every rule is read by. */
export const modelText = readFileSync(new URL('model.conf', import.meta.url), 'utf8');

/** A fresh, empty Casbin model. */
export function newModel(): Model {
  return casbin.newModelFromString(modelText);
}

/** Decisions kept per snapshot, at most; past that the memo starts anew, so memory stays bounded. */
const memoSize = 50_000;

/** A decision and what it rests on. */
export interface Ruling {
  allowed: boolean;
  /** The rule that Casbin names as deciding; null: no rule matches, and so it is denied. */
  rule: PermissionRule | null;
}

/** `p` lines by their object, those of `*` among each: all that can matter to it, in their order. */
function groupByObject(lines: readonly string[][]): Map<string, string[][]> {
  const groups = new Map<string, string[][]>([['*', []]]);
  for (const [, object = '*'] of lines) groups.set(object, []);
  for (const line of lines) {
    const [, object = '*'] = line;
    for (const group of object === '*' ? groups.values() : [groups.get(object)]) group?.push(line);
  }
  return groups;
}

/**
 * The policy at one epoch: what each role may do and what it inherits. Never changed; a new epoch gets a
 * new snapshot. One enforcer per object holds only that object's rules and those of `*`.
 */
export class Snapshot {
  readonly epoch: number;
  readonly rules: readonly PolicyRule[];
  readonly #roles: RoleSet;
  readonly #enforcers: Map<string, Enforcer>;
  readonly #memo = new Map<string, boolean>();

  private constructor(
    epoch: number,
    rules: readonly PolicyRule[],
    roles: RoleSet,
    enforcers: Map<string, Enforcer>,
  ) {
    this.epoch = epoch;
    this.rules = rules;
    this.#roles = roles;
    this.#enforcers = enforcers;
  }

  /** @param loaded a model that holds the `p` rules and the role → role rules of `epoch`. */
  static async build(loaded: Model, epoch: number): Promise<Snapshot> {
    const lines = ['p', 'g'].flatMap((ptype) =>
      loaded.getPolicy(ptype, ptype).map((rule) => fromLine([ptype].concat(rule))),
    );
    return Snapshot.of(
      lines.filter((rule) => rule !== undefined),
      epoch,
    );
  }

  /** A snapshot of rules that need not be stored anywhere: a candidate. */
  static async of(rules: readonly PolicyRule[], epoch: number): Promise<Snapshot> {
    const roles = new RoleSet();
    const permissions: string[][] = [];
    for (const rule of rules) {
      if (rule.kind === 'permission') permissions.push(toLine(rule).slice(1));
      else await roles.addLink(`role:${rule.role}`, `role:${rule.inherits}`);
    }
    const enforcers = new Map<string, Enforcer>();
    for (const [object, lines] of groupByObject(permissions)) {
      const model = newModel();
      // All at once: one by one, each would be compared with all before it.
      model.addPolicies('p', 'p', lines);
      const enforcer = await casbin.newEnforcer();
      enforcer.setModel(model);
      // Not the enforcer's own buildRoleLinks: that clears the role manager, which all enforcers share.
      await model.buildRoleLinks(new Map([['g', roles]]));
      enforcers.set(object, enforcer);
    }
    return new Snapshot(epoch, rules, roles, enforcers);
  }

  /** Whether the roles allow `object.action`; `roles` with their prefix, without what they inherit, in any order. */
  allows(roles: readonly string[], object: string, action: string): boolean {
    const key = `${roles.toSorted().join(',')} ${object}.${action}`;
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const { allowed } = this.rule(roles, object, action);
    if (this.#memo.size >= memoSize) this.#memo.clear();
    this.#memo.set(key, allowed);
    return allowed;
  }

  /** Decides anew, and says by which rule; `allows` is what calls use. */
  rule(roles: readonly string[], object: string, action: string): Ruling {
    const enforcer = this.#enforcers.get(object) ?? this.#enforcers.get('*');
    if (!enforcer) return { allowed: false, rule: null };
    this.#roles.hold(roles);
    // The subject's name is of no account here: its roles are what `hold` was given.
    const [allowed, line] = enforcer.enforceExSync('user:caller', '*', object, action);
    const rule = line.length > 0 ? fromLine(['p', ...line]) : undefined;
    return { allowed, rule: rule?.kind === 'permission' ? rule : null };
  }

  /**
   * Whether everything that `role` allows is allowed to `holders` too: nobody grants what they do not hold. A
   * rule with `*` they must hold as such, for what it will cover one day, and all that it covers now, for a
   * deny that takes part of it from them.
   * @param reaches a further limit on what the holder may do: the scopes of an API key.
   */
  covers(
    holders: readonly string[],
    role: string,
    reaches: (object: string, action: string) => boolean,
  ): boolean {
    const granted = this.#roles.close([role]);
    return this.rules.every(
      (rule) =>
        rule.kind !== 'permission' ||
        rule.effect !== 'allow' ||
        !granted.has(`role:${rule.role}`) ||
        (reaches(rule.object, rule.action) &&
          this.allows(holders, rule.object, rule.action) &&
          permissionsUnder(rule.object, rule.action).every((permission) =>
            this.allows(holders, ...splitPermission(permission)),
          )),
    );
  }

  /** The rules by which a role, given without its prefix, denies: its own, and those of what it inherits. */
  denials(role: string): PermissionRule[] {
    const given = this.#roles.close([`role:${role}`]);
    return this.rules.filter(
      (rule): rule is PermissionRule =>
        rule.kind === 'permission' && rule.effect === 'deny' && given.has(`role:${rule.role}`),
    );
  }

  /** The given roles and everything they inherit. */
  inherited(roles: readonly string[]): ReadonlySet<string> {
    return this.#roles.close(roles);
  }
}
