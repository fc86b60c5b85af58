import { defineEntity, p } from '@mikro-orm/core';

/** One line of the permission policy, in Casbin's own columns; the shapes are held by CHECKs (see authz). */
export const CasbinRuleSchema = defineEntity({
  name: 'CasbinRule',
  tableName: 'casbin_rules',
  indexes: [
    { name: 'casbin_rules_ptype_v0_v2_index', properties: ['ptype', 'v0', 'v2'] },
    { name: 'casbin_rules_ptype_v2_v1_index', properties: ['ptype', 'v2', 'v1'] },
    {
      name: 'casbin_rules_policy_index',
      expression: `create index "casbin_rules_policy_index" on "casbin_rules" ("ptype") where ((('["' || "v0" || '","' || "v1" || coalesce('","' || "v2", '') || coalesce('","' || "v3", '') || coalesce('","' || "v4", '') || coalesce('","' || "v5", '') || '"]')::jsonb) ->> 0) like 'role:%'`,
    },
  ],
  uniques: [
    {
      name: 'casbin_rules_unique',
      expression:
        'create unique index "casbin_rules_unique" on "casbin_rules" ("ptype", "v0", "v1", "v2", "v3", "v4", "v5") nulls not distinct',
    },
  ],
  checks: [
    {
      name: 'casbin_rules_no_gap',
      expression:
        '(v2 is not null or v3 is null) and (v3 is not null or v4 is null) and (v4 is not null or v5 is null)',
    },
    {
      name: 'casbin_rules_charset',
      expression: `concat(v0, v1, v2, v3, v4, v5) ~ '^[A-Za-z0-9_.:*/@-]+$' and v0 <> '' and v1 <> '' and coalesce(v2, '-') <> '' and coalesce(v3, '-') <> '' and coalesce(v4, '-') <> '' and coalesce(v5, '-') <> ''`,
    },
    {
      name: 'casbin_rules_no_pattern',
      expression: `concat_ws(' ', v0, v1, v2, v3, v4, v5) !~ '(^| )(like|regex):'`,
    },
    {
      name: 'casbin_rules_length',
      expression: 'greatest(length(v0), length(v1), length(v2), length(v3), length(v4), length(v5)) <= 100',
    },
    {
      name: 'casbin_rules_shape',
      expression: `v2 is not null and ((ptype = 'p' and v0 ~ '^role:.' and v3 is not null and (v3 = 'allow' or v3 = 'deny') and v4 is null) or (ptype = 'g' and v1 ~ '^role:.' and v3 is null and ((v0 ~ '^user:.' and (v2 = '*' or v2 ~ '^project:.')) or (v0 ~ '^role:.' and v2 = '*'))))`,
    },
  ],
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    ptype: p.string().columnType('text'),
    v0: p.string().columnType('text'),
    v1: p.string().columnType('text'),
    v2: p.string().columnType('text').nullable(),
    v3: p.string().columnType('text').nullable(),
    v4: p.string().columnType('text').nullable(),
    v5: p.string().columnType('text').nullable(),
  },
});

export class CasbinRule extends CasbinRuleSchema.class {}
CasbinRuleSchema.setClass(CasbinRule);

/** The rule that gives an actor a role in a domain: `project:<id>`, or `*` for everywhere. */
export function roleRule(actorId: string, role: string, domain: '*' | `project:${string}`) {
  return { ptype: 'g', v0: `user:${actorId}`, v1: `role:${role}`, v2: domain };
}
