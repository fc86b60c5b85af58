import type { Watched } from 'tessera-client';
import { client, retryRefused } from '../../api.ts';
import { noteRights } from '../noteRights.ts';
import { type Live, restartRefused } from './LiveSource.ts';
import { sourceOf, useLive } from './useLive.ts';

type Told = Watched<'auth'>;

/** What the reader may do: names of procedures, and the roles they come from. */
export interface RightsState {
  roles: readonly string[];
  permissions: ReadonlySet<string>;
}

/** One's own rights, in a project or (without one) everywhere, live. Whatever changes them is said in passing. */
export const useLiveRights = (projectId?: string): Live<RightsState> =>
  useLive(
    sourceOf<RightsState, Told>(
      `rights:${projectId ?? ''}`,
      (handlers) => client.auth.watch.subscribe(projectId === undefined ? {} : { projectId }, handlers),
      (before, { roles, permissions }) => {
        const now = { roles, permissions: new Set(permissions) };
        if (before) {
          noteRights(before.permissions, now.permissions);
          // What was refused may be allowed now.
          if (!now.permissions.isSubsetOf(before.permissions)) {
            restartRefused();
            retryRefused();
          }
        }
        return now;
      },
    ),
  );
