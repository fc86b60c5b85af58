import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, text, updatedAt } from '../columns.ts';

/** A university, museum, company … that actors belong to. */
export const InstitutionSchema = defineEntity({
  name: 'Institution',
  tableName: 'institutions',
  uniques: [
    {
      name: 'institutions_identifier_unique',
      expression:
        'create unique index "institutions_identifier_unique" on "institutions" ("identifier") where "deleted_at" is null',
    },
  ],
  indexes: [
    {
      name: 'institutions_created_at_index',
      expression:
        'create index "institutions_created_at_index" on "institutions" ("created_at", "id") where "deleted_at" is null',
    },
  ],
  properties: {
    id: id(),
    name: text(255),
    identifier: text(255),
    homepage: text(255).nullable(),
    rorId: p.string().length(32).nullable(),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Institution extends InstitutionSchema.class {}
InstitutionSchema.setClass(Institution);
