import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';

/** A named set of permissions. What it permits is read from `casbin_rules`, never stored here. */
export const RoleSchema = defineEntity({
  name: 'Role',
  tableName: 'roles',
  properties: {
    id: id(),
    name: text(50).unique('roles_name_unique'),
    scope: p.enum(['system', 'project'] as const).nativeEnumName('role_scope'),
    description: text(500).default(''),
    isBuiltin: p.boolean().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Role extends RoleSchema.class {}
RoleSchema.setClass(Role);
