/**
 * The one client of the page. It signs in by the session cookie, which no script can read; there is no token here.
 * `client` for subscriptions and calls of one's own, `trpc` for what TanStack Query takes:
 * `useQuery(trpc.projects.get.queryOptions({ projectId }))`.
 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { type AppRouter, createTesseraClient, readFailure } from 'tessera-client';
import { connection } from './connection.ts';
import { goToSignIn } from './session.ts';

export const client = createTesseraClient({
  url: location.origin,
  onConnection: (state) => connection.setSocket(state),
  onWaiting: (count) => connection.setWaiting(count),
});

/** What is wrong for every page alike: the session is over, or a right is gone. */
export function noteFailure(error: unknown): void {
  const code = readFailure(error)?.code;
  if (code === 'UNAUTHORIZED') goToSignIn();
  if (code === 'FORBIDDEN') void queryClient.invalidateQueries({ queryKey: trpc.auth.permissions.pathKey() });
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteFailure }),
  mutationCache: new MutationCache({ onError: noteFailure }),
  defaultOptions: {
    // What the server refuses it refuses again; what did not reach it is tried again.
    queries: { retry: (count, error) => !readFailure(error) && count < 3 },
  },
});

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
