import type { Memberships } from './fillMemberships.ts';
import { personId, projectId, projectOf, tokenHashOf } from './fillMemberships.ts';

/** One person in one of their projects. */
export interface Sample {
  person: string;
  project: string;
  tokenHash: string;
}

/** What every member may call, and what only owners may. */
export const allowed = ['comments', 'list'] as const;
export const denied = ['projects', 'delete'] as const;

/** People all over the world, each in one of their projects; always the same for a number. */
export function sampleRequests(world: Memberships, count: number): Sample[] {
  let state = 1;
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: count }, () => {
    const number = next(world.people);
    return {
      person: personId(number),
      project: projectId(projectOf(world, number, next(10))),
      tokenHash: tokenHashOf(number),
    };
  });
}
