import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { trpc } from '../api.ts';
import { useLiveRights } from './live/useLiveRights.ts';

/** Milliseconds after which rights are asked for anew while they are not told: the subscription has ended, say. */
const renewMs = 60_000;

/** Whether rights are known yet, and what they permit. */
export interface Rights {
  isKnown: boolean;
  /** Whether the permission is held; of several, any. */
  may: (permission: string | readonly string[]) => boolean;
}

/**
 * What the reader may do, in a project or (without one) everywhere, live: what is gone elsewhere is gone here at once.
 * To hide what would be refused anyway.
 */
export function useRights(projectId?: string): Rights {
  const { state, error } = useLiveRights(projectId);
  const { data } = useQuery({
    ...trpc.auth.permissions.queryOptions(projectId === undefined ? {} : { projectId }),
    refetchInterval: error === undefined ? false : renewMs,
  });
  const asked = useMemo(() => data && new Set(data.permissions), [data]);
  const held = state?.permissions ?? asked;
  return {
    isKnown: held !== undefined,
    may: (permission) =>
      typeof permission === 'string'
        ? (held?.has(permission) ?? false)
        : permission.some((each) => held?.has(each)),
  };
}

/** Whether the reader holds one permission (a procedure's name); false until that is known. */
export const useRight = (permission: string, projectId?: string): boolean =>
  useRights(projectId).may(permission);
