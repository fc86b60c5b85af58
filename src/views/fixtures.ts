import { z } from 'zod';
import type { PolicyFixture } from '../entities/policies/PolicyFixture.ts';
import { moment, uuid } from './columns.ts';

/** A stored fixture of the policy, as it was written. */
export const fixtureView = z.object({
  id: uuid,
  name: z.string(),
  source: z.string(),
  /** Who wrote it first; null: that account is gone. */
  createdBy: uuid.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type FixtureView = z.infer<typeof fixtureView>;

export function viewFixture(fixture: PolicyFixture): FixtureView {
  return {
    id: fixture.id,
    name: fixture.name,
    source: fixture.source,
    createdBy: fixture.createdBy ?? null,
    createdAt: fixture.createdAt,
    updatedAt: fixture.updatedAt,
  };
}
