import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';

/** Given–then tests of the policy, as they were written (YAML): a change of the policy that fails one is refused. */
export const PolicyFixtureSchema = defineEntity({
  name: 'PolicyFixture',
  tableName: 'policy_fixtures',
  checks: [
    {
      name: 'policy_fixtures_source_size',
      expression: 'octet_length(source) >= 1 and octet_length(source) <= 65536',
    },
  ],
  properties: {
    id: id(),
    name: text(100).unique('policy_fixtures_name_unique'),
    source: p.text(),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class PolicyFixture extends PolicyFixtureSchema.class {}
PolicyFixtureSchema.setClass(PolicyFixture);
