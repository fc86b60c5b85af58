/**
 * The one client of the page. It signs in by the session cookie, which no script can read; there is no token here.
 * `client` for subscriptions and calls of one's own, `trpc` for what TanStack Query takes:
 * `useQuery(trpc.projects.get.queryOptions({ projectId }))`.
 */
import { MutationCache, QueryCache, type QueryClient, onlineManager } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { type AppRouter, createTesseraClient, readFailure } from 'tessera-client';
import { connection } from './connection.ts';
import { NewsQueryClient } from './NewsQueryClient.ts';
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

/** Whether the same call may succeed in a moment: the server was not reached, or has too much to do. */
export function isPassing(error: unknown): boolean {
  const code = readFailure(error)?.code;
  return code === undefined || code === 'UNAVAILABLE' || code === 'TOO_MANY_REQUESTS';
}

/** Without a connection queries wait for it, and do not fail. */
onlineManager.setEventListener((setOnline) =>
  connection.subscribe(() => setOnline(connection.get() !== 'offline')),
);

export const queryClient: QueryClient = new NewsQueryClient({
  queryCache: new QueryCache({ onError: noteFailure }),
  mutationCache: new MutationCache({ onError: noteFailure }),
  defaultOptions: {
    // What the server refuses it refuses again. All else is tried for longer than it takes to be called offline.
    queries: { retry: (count, error) => isPassing(error) && count < 4 },
  },
});

/** Reads again what is shown and was refused: the reader may do more than before. */
export function retryRefused(): void {
  const wasRefused = (error: unknown) => ['FORBIDDEN', 'NOT_FOUND'].includes(readFailure(error)?.code ?? '');
  void queryClient.refetchQueries({ type: 'active', predicate: ({ state }) => wasRefused(state.error) });
}

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
