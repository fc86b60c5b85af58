/** What the links from a project to another project's patterns have in common. */
import { p } from '@mikro-orm/core';
import { metadata } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/**
 * Where a copy came from stands in the link alone, never in the copy: what shows or keeps the copy (views,
 * events, history, audit) then cannot tell it to who may not see the project that it came from.
 */
export const adoptionColumns = () => ({
  projectId: () => p.manyToOne(Project).mapToPk().primary().deleteRule('cascade'),
  /** Provenance: `version`, which the original had when it was adopted. */
  metadata: metadata(),
  addedBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
  addedAt: p
    .datetime()
    .columnType('timestamptz(3)')
    .defaultRaw('now()')
    .onCreate(() => new Date()),
});
