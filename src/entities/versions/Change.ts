import { defineEntity, p } from '@mikro-orm/core';
import { id, metadata } from '../columns.ts';
import { patternKinds } from '../patterns/patternKinds.ts';
import { Commit } from './Commit.ts';

/** What a commit did to one pattern. */
export const ChangeSchema = defineEntity({
  name: 'Change',
  tableName: 'changes',
  indexes: [{ name: 'changes_entity_index', properties: ['entityType', 'entityId'] }],
  uniques: [{ name: 'changes_entity_unique', properties: ['commitId', 'entityType', 'entityId'] }],
  checks: [
    {
      name: 'changes_values',
      expression:
        "(old_value is null) = (change_type = 'create') and (new_value is null) = (change_type = 'delete')",
    },
  ],
  properties: {
    id: id(),
    commitId: () => p.manyToOne(Commit).mapToPk().deleteRule('cascade'),
    entityType: p.enum(patternKinds).nativeEnumName('pattern_kind'),
    /** No foreign key: a change outlives the pattern that it tells of. */
    entityId: p.uuid(),
    changeType: p.enum(['create', 'update', 'delete'] as const).nativeEnumName('change_type'),
    oldValue: p.json().$type<Record<string, unknown>>().nullable(),
    newValue: p.json().$type<Record<string, unknown>>().nullable(),
    metadata: metadata(),
  },
});

export class Change extends ChangeSchema.class {}
ChangeSchema.setClass(Change);
